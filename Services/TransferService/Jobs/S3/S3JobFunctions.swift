import GoldcrestShell

/// The functions of bash that the jobs at an object storage share: bash 4, GNU coreutils and curl, which may be as old as 7.29.
///
/// They need three variables: `$runs`, how many transfers run at once, `$size`, the bytes of the file, and `$pauses`, the seconds between the attempts
/// at one of them. A step ends with 0 when it is done, 1 when it may be tried again, 2 when that is of no use.
enum S3JobFunctions {
    /// The pauses between the attempts at a step, in seconds: a storage that restarts is there again within them.
    static let pauses = [1, 2, 4, 8, 15, 30]

    static let script: ShellScript = #"""
        set -o pipefail
        trap 'trap "" HUP INT TERM XCPU; exit 143' HUP INT TERM XCPU

        fail() { printf '%s\n' "$1" >&2; exit 1; }

        command -v curl >/dev/null || fail 'curl is not installed on this node; transfers through the object storage need it.'

        # The URL is a secret: it goes through a pipe, as everyone on the node can read arguments.
        ask() {
            local url=$1
            shift
            curl -q --config <(printf 'url = "%s"\n' "$url") --globoff --silent --show-error --connect-timeout 30 --speed-limit 1 --speed-time 120 "$@"
        }

        # Takes out of an answer its status, headers and the storage's words about an error.
        read_answer() {
            local line element='<Code>([^<]{1,100})</Code>.*<Message>([^<]{1,500})</Message>'
            code= etag= length= words=
            while IFS= read -r line; do
                line=${line%$'\r'}
                case ${line,,} in
                    http/*) code=${line#* } code=${code:0:3} etag= length= ;;
                    etag:*) etag=${line#*:} etag=${etag//[[:space:]]/} ;;
                    content-length:*) length=${line#*:} length=${length//[!0-9]/} ;;
                    '') [ "$code" = 100 ] || break ;;
                esac
            done < <(printf '%s\n' "$1" 2>/dev/null)
            if [[ $1 =~ $element ]]; then words="${BASH_REMATCH[1]}: ${BASH_REMATCH[2]}"; fi
        }

        # What the storage refuses for good: the signature, the object, the range.
        refused() { case $code in 401 | 403 | 404 | 405 | 410 | 411 | 412 | 413 | 416) ;; *) false ;; esac }

        # Says why a step has failed, and ends with its status.
        complain() {
            printf '%s: the storage %s\n' "$1" "$(if [ "$code" ]; then echo "answers ${code}${words:+ ($words)}"; else echo 'does not answer'; fi)" >&2
            if refused; then return 2; fi
            return 1
        }

        # Does a step, again after each of the pauses.
        persistently() {
            local status pause
            for pause in $pauses ''; do
                "$@"
                status=$?
                if [ "$status" -ne 1 ] || [ -z "$pause" ]; then return "$status"; fi
                sleep "$pause"
            done
        }

        # Does a step for each number from 1 to $2, $runs at once. Each run has every $runs-th number and ends with its first failure.
        side_by_side() {
            local run number
            for ((run = 1; run <= runs && run <= $2; run++)); do
                for ((number = run; number <= $2; number += runs)); do
                    persistently "$1" "$number" || { echo failed; exit 1; }
                done &
            done
            wait
        }
        """#
}
