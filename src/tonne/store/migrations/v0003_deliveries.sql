-- How a telling of a webhook went is forgotten after a while: the event itself stays where it is kept.

create index signin_hook_try_at on signin_hook_try (at);
grant delete on signin_hook_try to tonne_app;
