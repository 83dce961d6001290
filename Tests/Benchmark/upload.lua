-- For wrk: each request uploads the file that CONTENT names, under one of 16 names in turn.

local names = 16
local requests = {}
local last = 0

function init()
    local file = assert(io.open(os.getenv("CONTENT"), "rb"))
    local content = file:read("*a")
    file:close()
    for number = 1, names do
        local body = "--goldcrest\r\nContent-Disposition: form-data; name=\"file\"; filename=\"wrk-" .. number .. "\"\r\n\r\n" .. content .. "\r\n--goldcrest--\r\n"
        local headers = {Host = wrk.headers["Host"], Authorization = wrk.headers["Authorization"], ["Content-Type"] = "multipart/form-data; boundary=goldcrest"}
        requests[number] = wrk.format("POST", nil, headers, body)
    end
end

function request()
    last = last % names + 1
    return requests[last]
end
