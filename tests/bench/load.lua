-- Load for wrk: each request is another application, with its own name and its own Idempotency-Key.
-- arguments: token, run character, body template file. wrk runs one script per thread.
local characters = {"嘉","恒","瑞","祥","泰","和","盛","隆","昌","茂","源","通","达","顺","康","宁","安","乐","丰","裕",
  "鸿","运","福","禄","喜","庆","春","夏","秋","冬","松","柏","梅","兰","竹","菊","荷","桂","枫","桐",
  "云","霞","虹","露","霜","雪","雨","风","星","辰","山","川","河","湖","溪","泉","石","玉","珠","琳"}
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(arguments)
  token, run = arguments[1], arguments[2]
  local file = io.open(arguments[3], "r")
  template = file:read("*a")
  file:close()
  before, after = template:match("^(.*)@NAME@(.*)$")
  key = run:gsub(".", function(byte) return string.format("%02x", string.byte(byte)) end)
  count = 0
  size = #characters
  headers = {["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token}
end

function request()
  count = count + 1
  local n = count
  local a = characters[n % size + 1]
  local b = characters[math.floor(n / size) % size + 1]
  local c = characters[math.floor(n / size / size) % size + 1]
  headers["Idempotency-Key"] = "bench-" .. key .. "-" .. number .. "-" .. n
  local body = before .. characters[number] .. run .. a .. b .. c .. after
  return wrk.format("POST", "/v1/registration/applications", headers, body)
end

function done(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
