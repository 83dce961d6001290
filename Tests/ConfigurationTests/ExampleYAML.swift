/// A configuration with every key, in both spellings. Every secret in it begins with `hush`.
enum ExampleYAML {
    static let snakeCase = #"""
        app_debug: true
        apis_root_path: /hpc/
        doc_servers:
          - url: http://localhost:8000
            description: Local environment
        auth:
          authentication:
            scopes:
              firecrest: all of it
            token_url: https://idp.example.org/token
            token_endpoint_auth_method: client_secret_post
            public_certs:
              - https://idp.example.org/certs
              - file:///etc/jwks.json
              - /etc/more-jwks.json
            username_claim: sub
            jwk_algorithm: ES256
            min_token_ttl: 12.5
            audience: goldcrest
          authorization:
            openfga:
              url: http://openfga:8080/
              store_id: 01STORE
              model_id: 01MODEL
              token: hush-openfga
            timeout: 2
            max_connections: 7
            cache: {seconds: 2.5}
            required_scopes:
              compute: jobs.read
              compute:write: [jobs.write, jobs.read]
              transfer: data
            checks:
              status: {relation: viewer, object_type: site}
              filesystem: {relation: reader}
              filesystem:write: {relation: writer, object_type: volume}
            user:
              claim: sub
              type: person
              groups: {claim: realm_access.roles, type: role, relation: holder}
        ssh_credentials:
          type: SSHStaticKeys
          keys:
            fire_user:
              private_key: |
                hush-private-key
              public_cert: ecdsa-sha2-nistp256-cert-v01@openssh.com AAAA
              passphrase: hush-passphrase
            other:
              private_key: hush-other-key
        logger:
          enable_tracing_log: true
          loggable_request_headers:
            - input: x-client-name
              output: client
        clusters:
          - name: Daint
            service_account:
              client_id: checker
              secret: hush-account
            file_systems:
              - path: /scratch//daint/./
                data_type: scratch
                default_work_dir: true
              - path: /users
                data_type: users
            ssh:
              host: daint.example.org
              port: 2222
              proxy_host: jump.example.org
              proxy_port: 2223
              max_clients: 50
              max_sessions: 8
              max_logins: 2
              known_hosts: /etc/ssh/ssh_known_hosts
              timeout:
                connection: 1
                login: 2
                command_execution: 3.5
                idle_timeout: 40
                keep_alive: 6
            scheduler:
              type: slurm
              connection_mode: hybrid
              version: "24.11.0"
              api_url: http://slurmrestd:6820/
              api_version: 0.0.42
              timeout: 20
            probing:
              interval_check: 60
              services:
                ssh: {timeout: 4}
                scheduler: {timeout: 5}
                filesystem: {timeout: 6}
                s3:
            data_operation:
              datatransfer_jobs_directives:
                - "#SBATCH --account={account}"
                - "#SBATCH -pxfer"
              max_ops_file_size: 1_048_576
              data_transfer:
                service_type: s3
                name: store
                private_url: http://user:hush-url@s3:9000
                public_url: https://s3.example.org/
                access_key_id: hush-access-key
                secret_access_key: hush-secret-key
                region: us-east-1
                ttl: 604800
                tenant: hpc
                multipart:
                  use_split: true
                  max_part_size: 1073741824
                  parallel_runs: 5
                  tmp_folder: parts
                bucket_lifecycle_configuration:
                  days: 3
            file_access: sftp
            timezone: Europe/Zurich
          - name: eiger
            ssh:
              host: eiger
              port: 22
            scheduler:
              type: pbs
              version: 2023.1
            service_account:
              client_id: checker
              secret: hush-account
            data_operation:
              data_transfer:
                service_type: streamer
                host: eiger-x
                port_range: [6000, 6010]
                public_ips: [192.0.2.1, 192.0.2.2]
                wait_timeout: 600
                inbound_transfer_limit: 1000000
                pypi_index_url: https://pypi.example.org/simple
        """#

    /// The same with the aliases that some keys have.
    static let camelCase = #"""
        appDebug: true
        apisRootPath: /hpc/
        docServers:
          - url: http://localhost:8000
            description: Local environment
        auth:
          authentication:
            scopes:
              firecrest: all of it
            tokenUrl: https://idp.example.org/token
            tokenEndpointAuthMethod: client_secret_post
            publicCerts:
              - https://idp.example.org/certs
              - file:///etc/jwks.json
              - /etc/more-jwks.json
            usernameClaim: sub
            jwkAlgorithm: ES256
            minTokenTtl: 12.5
            audience: goldcrest
          authorization:
            openfga:
              url: http://openfga:8080/
              storeId: 01STORE
              modelId: 01MODEL
              token: hush-openfga
            timeout: 2
            maxConnections: 7
            cache: {seconds: 2.5}
            requiredScopes:
              compute: jobs.read
              compute:write: [jobs.write, jobs.read]
              transfer: data
            checks:
              status: {relation: viewer, objectType: site}
              filesystem: {relation: reader}
              filesystem:write: {relation: writer, objectType: volume}
            user:
              claim: sub
              type: person
              groups: {claim: realm_access.roles, type: role, relation: holder}
        sshCredentials:
          type: SSHStaticKeys
          keys:
            fire_user:
              privateKey: |
                hush-private-key
              publicCert: ecdsa-sha2-nistp256-cert-v01@openssh.com AAAA
              passphrase: hush-passphrase
            other:
              privateKey: hush-other-key
        logger:
          enableTracingLog: true
          loggableRequestHeaders:
            - input: x-client-name
              output: client
        clusters:
          - name: Daint
            serviceAccount:
              clientId: checker
              secret: hush-account
            fileSystems:
              - path: /scratch//daint/./
                dataType: scratch
                defaultWorkDir: true
              - path: /users
                dataType: users
            ssh:
              host: daint.example.org
              port: 2222
              proxyHost: jump.example.org
              proxyPort: 2223
              maxClients: 50
              maxSessions: 8
              maxLogins: 2
              knownHosts: /etc/ssh/ssh_known_hosts
              timeout:
                connection: 1
                login: 2
                commandExecution: 3.5
                idleTimeout: 40
                keepAlive: 6
            scheduler:
              type: slurm
              connectionMode: hybrid
              version: "24.11.0"
              apiUrl: http://slurmrestd:6820/
              apiVersion: 0.0.42
              timeout: 20
            probing:
              interval: 60
              services:
                ssh: {timeout: 4}
                scheduler: {timeout: 5}
                filesystems: {timeout: 6}
                storage:
            dataOperation:
              datatransferJobsDirectives:
                - "#SBATCH --account={account}"
                - "#SBATCH -pxfer"
              maxOpsFileSize: 1_048_576
              dataTransfer:
                serviceType: s3
                name: store
                privateUrl: http://user:hush-url@s3:9000
                publicUrl: https://s3.example.org/
                accessKeyId: hush-access-key
                secretAccessKey: hush-secret-key
                region: us-east-1
                ttl: 604800
                tenant: hpc
                multipart:
                  useSplit: true
                  maxPartSize: 1073741824
                  parallelRuns: 5
                  tmpFolder: parts
                bucketLifecycleConfiguration:
                  days: 3
            fileAccess: sftp
            timezone: Europe/Zurich
          - name: eiger
            ssh:
              host: eiger
              port: 22
            scheduler:
              type: pbs
              version: 2023.1
            serviceAccount:
              clientId: checker
              secret: hush-account
            dataOperation:
              dataTransfer:
                serviceType: streamer
                host: eiger-x
                portRange: [6000, 6010]
                publicIps: [192.0.2.1, 192.0.2.2]
                waitTimeout: 600
                inboundTransferLimit: 1000000
                pypiIndexUrl: https://pypi.example.org/simple
        """#

    /// Only what must be there.
    static let minimal = """
        auth:
          authentication:
            token_url: http://idp/token
            public_certs: [http://idp/certs]
        ssh_credentials: {type: SSHCA, url: http://ca/}
        clusters:
          - name: c
            ssh: {host: login}
            scheduler: {type: slurm, version: 24.11}
        """

    /// The minimal configuration with other text in the place of some.
    static func minimal(replacing old: String, with new: String) -> String {
        precondition(minimal.contains(old), "The minimal configuration has no such text: \(old)")
        return minimal.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}
