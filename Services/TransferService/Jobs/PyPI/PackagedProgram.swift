import GoldcrestShell

/// A program in Python that a job runs with a package from PyPI, in a virtual environment that is made for it and removed with it.
struct PackagedProgram: Sendable {
    /// The addresses that a program listens on.
    struct Listening: Sendable {
        /// A name or an address of the machine; all of its addresses if there is none.
        var host: String?
        /// The first free one is taken.
        var ports: ClosedRange<Int>
    }

    /// The package and its versions, as pip wants them.
    let package: String
    /// The package index; pip's own if there is none.
    let indexURL: String?
    let listening: Listening?
    let source: String
    /// What the program reads from its standard input. It may hold secrets: nothing of it becomes an argument of a process.
    let settings: String

    /// Sends a file: the program finds its path in `GOLDCREST_FILE`.
    func sending(_ source: some ShellArgument) -> ShellScript {
        """
        \(script: Self.frame)
        source=\(source)
        if [ ! -e "$source" ]; then
            echo "$source: No such file or directory" >&2
            exit 1
        elif [ ! -f "$source" ]; then
            echo "$source: Not a regular file" >&2
            exit 1
        elif [ ! -r "$source" ]; then
            echo "$source: Permission denied" >&2
            exit 1
        fi
        export GOLDCREST_FILE=$source
        \(script: run)
        """
    }

    /// Receives a file: the program finds in `GOLDCREST_FILE` the path that it shall write to.
    func receiving(_ file: IncomingFile) -> ShellScript {
        """
        \(script: Self.frame)
        \(script: file.preparation)
        export GOLDCREST_FILE=$incoming/file
        \(script: run)
        if [ -L "$incoming/file" ] || [ ! -f "$incoming/file" ]; then
            echo 'The other side sent no file.' >&2
            exit 1
        fi
        \(script: file.publication)
        """
    }

    /// Removes what the job has made, whichever way it ends, and ends what it has started.
    ///
    /// bash runs a trap only between commands, so what takes long runs in the background and is waited for.
    private static let frame: ShellScript = #"""
        scratch= incoming= child=
        finish() {
            trap '' HUP INT TERM XCPU
            if [ "$child" ]; then
                kill -s TERM 0
                for ((tries = 0; tries < 5; tries++)); do
                    kill -0 "$child" 2>/dev/null || break
                    sleep 0.2
                done
                kill -s KILL "$child" 2>/dev/null
                wait "$child" 2>/dev/null
            fi
            rm -rf -- ${scratch:+"$scratch"} ${incoming:+"$incoming"}
        }
        trap finish EXIT
        trap 'echo "The transfer was cancelled." >&2; exit 143' HUP INT TERM XCPU
        run() {
            local status
            "$@" <&0 &
            child=$!
            wait "$child"
            status=$?
            child=
            return "$status"
        }
        """#

    private var run: ShellScript {
        """
        python= newest=7
        for name in $(compgen -c python3 | sort -u); do
            [[ $name =~ ^python3(\\.[0-9]+)?$ ]] || continue
            version=$("$name" -I -c 'import ensurepip, sys, venv; print(sys.version_info[1])' 2>/dev/null </dev/null) || continue
            [[ $version =~ ^[0-9]{1,4}$ ]] || continue
            if ((version > newest)); then python=$name newest=$version; fi
        done
        if [ -z "$python" ]; then
            echo 'There is no Python of version 3.8 or newer with the modules venv and ensurepip on this machine; transfers need one.' >&2
            exit 1
        fi
        scratch=$(mktemp -d -- "${TMPDIR:-/tmp}/goldcrest-transfer-$task.XXXXXX") || exit
        # Whatever pip is configured to do elsewhere, it installs into the environment.
        export PIP_USER=0
        unset PIP_TARGET PIP_PREFIX PIP_ROOT
        \(script: index)
        run "$python" -I -c \(Self.environment) "$scratch/environment" \(package) \(source) \(script: address) < <(printf '%s' \(settings)) || exit
        """
    }

    private var index: ShellScript {
        // Not an argument: it may hold a password.
        guard let indexURL else { return "" }
        return "export PIP_INDEX_URL=\(indexURL)"
    }

    private var address: ShellScript {
        guard let listening else { return "" }
        return "\(listening.host ?? "") \(listening.ports.lowerBound) \(listening.ports.upperBound)"
    }

    private static let environment = String(decoding: PackageResources.environment_py, as: UTF8.self)
}
