-- For wrk: each request comes from the next of the users whose tokens are the lines of the file that TOKENS names.

local requests = {}
local last = 0

function init()
    for token in io.lines(os.getenv("TOKENS")) do
        requests[#requests + 1] = wrk.format(nil, nil, {Host = wrk.headers["Host"], Authorization = "Bearer " .. token})
    end
end

function request()
    last = last % #requests + 1
    return requests[last]
end
