"""The main job, shown: applications go in through the gateway, verified licences come out (`make demo`)."""
