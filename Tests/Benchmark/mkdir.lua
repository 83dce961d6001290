-- For wrk: each request makes another directory in the one that DIRECTORY names.

local directory = os.getenv("DIRECTORY")
local prefix = os.time()
local last = 0

function request()
    last = last + 1
    local body = string.format('{"path": "%s/%d-%d"}', directory, prefix, last)
    return wrk.format("POST", nil, {Host = wrk.headers["Host"], Authorization = wrk.headers["Authorization"], ["Content-Type"] = "application/json"}, body)
end
