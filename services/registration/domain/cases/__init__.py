"""Cases about an entity: the procedures of its life, each a machine of states, actions and statutory clocks."""
