# A pod's process 1 is its app.
echo up
exec "$HM_DOTNET" "$HM_PROGRAM" hello --address "$HM_ADDRESS" --port "$HM_PORT" --image "$HM_IMAGE"
