-- Load for wrk: each request is another application of another person at another place, with its own name and its own
-- Idempotency-Key, as they come in life: one person who sets up thousands of firms at one address would be a matter of its own.
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
  pieces = {}
  for text, hole in template:gmatch("(.-)@(%u+)@") do
    pieces[#pieces + 1] = {text, hole}
  end
  rest = template:match(".*@%u+@(.*)$")
  key = run:gsub(".", function(byte) return string.format("%02x", string.byte(byte)) end)
  count, offset = 0, 0
  for index = 1, #run do
    offset = offset + string.byte(run, index) * 20011
  end
  size = #characters
  headers = {["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token}
end

-- A resident number with its check digit (GB 11643), another one for each n.
local weights, digits = {7,9,10,5,8,4,2,1,6,3,7,9,10,5,8,4,2}, "10X98765432"
local function person(n)
  local text = string.format("320411%04d%02d%02d%03d", 1960 + math.floor(n / 335664) % 40, math.floor(n / 27972) % 12 + 1,
    math.floor(n / 999) % 28 + 1, n % 999 + 1)
  local sum = 0
  for index = 1, 17 do
    sum = sum + weights[index] * (string.byte(text, index) - 48)
  end
  local at = sum % 11 + 1
  return text .. digits:sub(at, at)
end

function request()
  count = count + 1
  local n = count
  local a = characters[n % size + 1]
  local b = characters[math.floor(n / size) % size + 1]
  local c = characters[math.floor(n / size / size) % size + 1]
  headers["Idempotency-Key"] = "bench-" .. key .. "-" .. number .. "-" .. n
  local who = offset + n * 2 + number
  local holes = {NAME = characters[number] .. run .. a .. b .. c, ID = person(who), PLACE = tostring(who)}
  local parts = {}
  for index = 1, #pieces do
    parts[index * 2 - 1], parts[index * 2] = pieces[index][1], holes[pieces[index][2]]
  end
  local body = table.concat(parts) .. rest
  return wrk.format("POST", "/v1/registration/applications", headers, body)
end

function done(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
