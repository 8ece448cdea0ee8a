namespace HybridMesh.Core;

/// <summary>What runs on a VM to work with containers, for any POSIX shell.</summary>
internal static class ContainerScripts
{
    /// <summary>The first word of the line that says which runtime was found; the second is the runtime.</summary>
    public const string Runtime = "runtime";

    /// <summary>The line between an inspection and the last lines of the log.</summary>
    public const string LogMarker = "--hybridmesh-log--";

    /// <summary>Needs <c>name</c>. Prints the container as JSON, or an empty list.</summary>
    public const string Inspect = Functions + """
        if j=$(run inspect --type container "$name" 2> /dev/null); then
          printf '%s\n' "$j"
        else
          # That there is none is an answer; that the daemon is down is not.
          e=$(run inspect --type container "$name" 2>&1 > /dev/null)
          case $e in
            *o\ such*) echo '[]' ;;
            *) printf '%s\n' "$e" >&2; exit 1 ;;
          esac
        fi
        """;

    /// <summary>Prints all of our containers as JSON.</summary>
    public const string List = Functions + """
        ids=$(run ps -aq --filter label=hybridmesh.app) || exit 1
        if [ -n "$ids" ]; then run inspect --type container $ids; else echo '[]'; fi
        """;

    /// <summary>
    /// Needs <c>name</c>, <c>image</c>, <c>old</c> (whether one of ours is to be replaced) and the function
    /// <c>start</c>. Prints the container as JSON; the log follows when it has ended already.
    /// </summary>
    public const string Start = Functions + """
        if [ "$old" = 1 ]; then
          # The new image must be there before the old app goes.
          run image inspect "$image" > /dev/null 2>&1 || run pull "$image" > /dev/null || exit 1
          run rm -f "$name" > /dev/null || exit 1
        fi
        start > /dev/null || exit 1
        i=0
        while [ $i -lt 5 ] && [ "$(run inspect --format '{{.State.Running}}' "$name")" = true ]; do
          sleep 0.2 2> /dev/null || { sleep 1; i=5; }
          i=$((i + 1))
        done
        run inspect --type container "$name"
        if [ $i -lt 5 ]; then
          echo --hybridmesh-log--
          run logs --tail 15 "$name" 2>&1
        fi
        """;

    /// <summary>Needs <c>name</c>.</summary>
    public const string Stop = Functions + """
        run stop "$name" > /dev/null && run rm -f "$name" > /dev/null
        """;

    // A user outside of the docker group gets there by sudo. Root needs not be tried.
    private const string Functions = """
        r=
        for c in docker podman; do
          if [ -z "$r" ] && command -v $c > /dev/null 2>&1; then r=$c; fi
        done
        [ -n "$r" ] || { echo 'runtime none'; exit 0; }
        s=
        if [ "$(id -u)" != 0 ] && ! e=$($r ps -q 2>&1 > /dev/null < /dev/null); then
          case $e in
            *ermission\ denied*)
              s='sudo -n'
              command -v sudo > /dev/null 2>&1 || { echo 'runtime nosudo'; echo 'sudo is not installed' >&2; exit 0; }
              $s true < /dev/null || { echo 'runtime nosudo'; exit 0; } ;;
          esac
        fi
        echo "runtime $r"
        run() { $s $r "$@" < /dev/null; }

        """;
}
