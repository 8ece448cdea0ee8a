# A pod's process 1 is its app; what it writes is the container's log, which standard error leads to.
set -- "$HM_DOTNET" "$HM_PROGRAM" hello --address "$HM_ADDRESS" --port "$HM_PORT" --image "$HM_IMAGE"
unset "${!HM_@}"
echo up
exec "$@" >&2 < /dev/null
