#ifndef CLIBSSH2_SHIM_H
#define CLIBSSH2_SHIM_H

#include <libssh2.h>
#include <string.h>
#include <stdlib.h>

// What Swift cannot import from <libssh2.h>: function-like macros, casts of callbacks; and what differs between 1.10 and 1.11.

typedef ssize_t (*goldcrest_ssh2_recv)(libssh2_socket_t, void *, size_t, int, void **);
typedef ssize_t (*goldcrest_ssh2_send)(libssh2_socket_t, const void *, size_t, int, void **);

static inline int goldcrest_ssh2_header_version(void) {
    return LIBSSH2_VERSION_NUM;
}

static inline LIBSSH2_SESSION *goldcrest_ssh2_session_init(void *abstract) {
    return libssh2_session_init_ex(NULL, NULL, NULL, abstract);
}

static inline void goldcrest_ssh2_set_transport(LIBSSH2_SESSION *session, goldcrest_ssh2_recv receive, goldcrest_ssh2_send send) {
#if LIBSSH2_VERSION_NUM >= 0x010b01
    libssh2_session_callback_set2(session, LIBSSH2_CALLBACK_RECV, (libssh2_cb_generic *)receive);
    libssh2_session_callback_set2(session, LIBSSH2_CALLBACK_SEND, (libssh2_cb_generic *)send);
#else
    libssh2_session_callback_set(session, LIBSSH2_CALLBACK_RECV, (void *)receive);
    libssh2_session_callback_set(session, LIBSSH2_CALLBACK_SEND, (void *)send);
#endif
}

static inline LIBSSH2_CHANNEL *goldcrest_ssh2_open_session(LIBSSH2_SESSION *session) {
    return libssh2_channel_open_session(session);
}

static inline int goldcrest_ssh2_exec(LIBSSH2_CHANNEL *channel, const char *command, unsigned int length) {
    return libssh2_channel_process_startup(channel, "exec", 4, command, length);
}

static inline int goldcrest_ssh2_subsystem(LIBSSH2_CHANNEL *channel, const char *name, unsigned int length) {
    return libssh2_channel_process_startup(channel, "subsystem", 9, name, length);
}

#endif
