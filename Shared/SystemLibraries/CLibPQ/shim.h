#ifndef CLIBPQ_SHIM_H
#define CLIBPQ_SHIM_H

#include <libpq-fe.h>

/* The codes of an error's fields are macros of character constants, which Swift does not import as a type that PQresultErrorField takes. */
static const int goldcrest_pg_diag_severity = PG_DIAG_SEVERITY_NONLOCALIZED;
static const int goldcrest_pg_diag_sqlstate = PG_DIAG_SQLSTATE;
static const int goldcrest_pg_diag_message_primary = PG_DIAG_MESSAGE_PRIMARY;
static const int goldcrest_pg_diag_message_hint = PG_DIAG_MESSAGE_HINT;
static const int goldcrest_pg_diag_constraint_name = PG_DIAG_CONSTRAINT_NAME;

#endif
