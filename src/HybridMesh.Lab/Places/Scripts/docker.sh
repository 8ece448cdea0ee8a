#!/bin/bash
# A stand-in for docker on a VM of the practice lab: containers are hello apps on the VM's own address, or the sidecar.
# State: one folder per container with a file per fact.
store=/var/lib/hybridmesh-docker
address=@ADDRESS@ dotnet=@DOTNET@ program=@PROGRAM@
mkdir -p "$store"
[ -e "$store/.lock" ] || : > "$store/.lock"

fail() { echo "$2" >&2; exit "$1"; }
refuse() { fail 1 "Error response from daemon: No such container: $1"; }

# text -> JSON string
quoted() {
    local text=$1
    text=${text//\\/\\\\}; text=${text//\"/\\\"}; text=${text//$'\n'/\\n}; text=${text//$'\t'/\\t}
    text=${text//$'\r'/\\r}
    printf '"%s"' "$text"
}

# the lines of a file -> JSON array
array() {
    local line comma=
    printf '['
    while IFS= read -r -d '' line; do printf '%s' "$comma"; quoted "$line"; comma=,; done < "$1"
    printf ']'
}

# key=value lines of a file -> JSON object
object() {
    local line comma=
    printf '{'
    while IFS= read -r -d '' line; do
        printf '%s' "$comma"; quoted "${line%%=*}"; printf ':'
        case $line in *=*) quoted "${line#*=}" ;; *) printf '""' ;; esac
        comma=,
    done < "$1"
    printf '}'
}

fact() { [ -f "$store/$1/$2" ] && printf '%s' "$(< "$store/$1/$2")"; }

running() { # the process lives and is the one that was started, not a later one with its number
    local pid start
    [ -f "$store/$1/pid" ] || return 1
    read -r pid start < "$store/$1/pid" || return 1
    [ "$(started "$pid")" = "$start" ]
}

started() { # start time of a process
    local stat
    { read -r stat < "/proc/$1/stat"; } 2> /dev/null || return 0
    stat=${stat##*) }
    case $stat in Z*) return 0 ;; esac
    # shellcheck disable=SC2086 # fields
    set -- $stat
    echo "${20}"
}

containers() { local folder; for folder in "$store"/*/; do [ -d "$folder" ] && basename "$folder"; done; }

find_one() { # name, id or the beginning of an id -> id
    local id
    [ -n "$1" ] || return 1
    for id in $(containers); do [ "$(fact "$id" name)" = "${1#/}" ] && { echo "$id"; return 0; }; done
    for id in $(containers); do case $id in "$1"*) echo "$id"; return 0 ;; esac; done
    return 1
}

state() {
    if running "$1"; then echo running
    elif [ -f "$store/$1/pid" ]; then echo exited
    else echo created; fi
}

ago() {
    local seconds=$(( $(date +%s) - ${1:-0} ))
    if [ "$seconds" -lt 1 ]; then echo 'Less than a second'
    elif [ "$seconds" -lt 2 ]; then echo '1 second'
    elif [ "$seconds" -lt 60 ]; then echo "$seconds seconds"
    elif [ "$seconds" -lt 120 ]; then echo 'About a minute'
    elif [ "$seconds" -lt 3600 ]; then echo "$((seconds / 60)) minutes"
    else echo "$((seconds / 3600)) hours"; fi
}

status() {
    case $(state "$1") in
        running) echo "Up $(ago "$(fact "$1" startedat)")" ;;
        exited) echo "Exited ($(fact "$1" exitcode || echo 137)) $(ago "$(fact "$1" startedat)") ago" ;;
        *) echo Created ;;
    esac
}

bound() { # id: the folder of this VM that the sidecar's container sees as the folder of its files
    local line
    while IFS= read -r -d '' line; do
        case ${line#*:} in /opt/asm_vm_proxy/meta|/opt/asm_vm_proxy/meta/|/opt/asm_vm_proxy/meta:*) echo "${line%%:*}"; return ;; esac
    done < "$store/$1/binds"
    echo /opt/asm_vm_proxy/meta
}

launch() { # id: starts the app apart from this shell
    local id=$1 folder=$store/$1 image pair environment=()
    image=$(fact "$id" image)
    case ${image##*/} in
        asm-vm-proxy*|proxyv2*) set -- bash /usr/lib/hybridmesh-lab/pilot-agent _contain "$(bound "$id")" "$(fact "$id" rules)" ;;
        *) set -- "$dotnet" "$program" hello --address "$address" --image "$image" ;;
    esac
    while IFS= read -r -d '' pair; do environment+=("$pair"); done < "$folder/env"
    rm -f "$folder/exitcode" "$folder/stopped"
    date +%s > "$folder/startedat"
    # The outer shell notes how the app ended; its standard streams are not the caller's, who may be waiting for them.
    setsid bash -c '
        folder=$1; shift
        "$@" >> "$folder/log" 2>&1 < /dev/null &
        child=$!
        read -r stat < "/proc/$child/stat"; stat=${stat##*) }; set -- $stat
        echo "$child ${20}" > "$folder/pid.new"; mv "$folder/pid.new" "$folder/pid"
        wait "$child"; code=$?
        [ -d "$folder" ] && echo "$code" > "$folder/exitcode"
        [ -f "$folder/rm" ] && rm -rf "$folder"
        exit 0
    ' app "$folder" env -i PATH="$PATH" HOME=/root DOTNET_EnableDiagnostics=0 "${environment[@]}" "$@" > /dev/null 2>&1 < /dev/null &
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        [ -f "$folder/pid" ] && return 0
        sleep 0.05
    done
}

end() { # id, signal
    local pid code
    running "$1" || return 0
    read -r pid _ < "$store/$1/pid"
    kill "-$2" "$pid" 2> /dev/null
    for code in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
        running "$1" || return 0
        sleep 0.1
    done
    kill -KILL "$pid" 2> /dev/null
    while running "$1"; do sleep 0.05; done
}

run() {
    local name= image= detached= remove= restart=no id other
    local environment=() labels=() binds=() capabilities=() rules=no
    while [ $# -gt 0 ]; do
        case $1 in
            -d|--detach|--detach=true) detached=1 ;;
            --rm|--rm=true) remove=1 ;;
            -i|-t|-it|--interactive|--tty|--init) ;;
            --network|--net|--pull) shift ;;
            --network=*|--net=*|--pull=*) ;;
            --name) name=$2; shift ;;
            --name=*) name=${1#*=} ;;
            -e|--env) environment+=("$2"); shift ;;
            --env=*) environment+=("${1#*=}") ;;
            -l|--label) labels+=("$2"); shift ;;
            --label=*) labels+=("${1#*=}") ;;
            -v|--volume) binds+=("$2"); shift ;;
            --volume=*) binds+=("${1#*=}") ;;
            -v?*) binds+=("${1#-v}") ;;
            --cap-add) capabilities+=("${2#CAP_}"); shift ;;
            --cap-add=*) other=${1#*=}; capabilities+=("${other#CAP_}") ;;
            --privileged|--privileged=true) rules=yes ;;
            -u|--user|-w|--workdir|-h|--hostname|--log-opt|--log-driver|--ulimit|-m|--memory) shift ;;
            --user=*|--workdir=*|--hostname=*|--log-opt=*|--log-driver=*|--ulimit=*|--memory=*) ;;
            --restart) restart=$2; shift ;;
            --restart=*) restart=${1#*=} ;;
            --) shift; break ;;
            -*) fail 125 "unknown flag: $1
See 'docker run --help'." ;;
            *) break ;;
        esac
        shift
    done
    [ $# -gt 0 ] || fail 1 '"docker run" requires at least 1 argument.
See '"'docker run --help'."
    image=$1
    if [ -n "$name" ] && ! [[ $name =~ ^[a-zA-Z0-9][a-zA-Z0-9_.-]+$ ]]; then
        fail 125 "docker: Error response from daemon: Invalid container name ($name), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed.
See 'docker run --help'."
    fi
    for other in "${binds[@]}"; do
        case $other in
            /*:/*) mkdir -p "${other%%:*}" ;;
            *) fail 125 "docker: Error response from daemon: invalid volume specification: '$other'." ;;
        esac
    done
    for other in "${capabilities[@]}"; do case $other in NET_ADMIN|ALL) rules=yes ;; esac; done
    if ! [[ ${image##*/} =~ ^(asm-vm-proxy|proxyv2)[A-Za-z0-9_.:@-]*$|^(http|grpc)_[a-z0-9_]*v[1-3](:[A-Za-z0-9_.-]+)?(@sha256:[0-9a-f]+)?$ ]]; then
        case ${image##*/} in *:*) other=$image ;; *) other=$image:latest ;; esac
        fail 125 "Unable to find image '$other' locally
docker: Error response from daemon: pull access denied for ${image%:*}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied.
See 'docker run --help'."
    fi
    id=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
    [ -n "$name" ] || name=hello_${id:0:8}
    exec 9> "$store/.lock"; flock 9
    if other=$(find_one "$name") && [ "$(fact "$other" name)" = "$name" ]; then
        fail 125 "docker: Error response from daemon: Conflict. The container name \"/$name\" is already in use by container \"$other\". You have to remove (or rename) that container to be able to reuse that name.
See 'docker run --help'."
    fi
    mkdir "$store/$id"
    printf '%s' "$name" > "$store/$id/name"
    printf '%s' "$image" > "$store/$id/image"
    printf '%s' "$restart" > "$store/$id/restart"
    date -u +%Y-%m-%dT%H:%M:%S.%NZ > "$store/$id/created"
    : > "$store/$id/env"; : > "$store/$id/labels"; : > "$store/$id/log"
    [ ${#environment[@]} -eq 0 ] || printf '%s\0' "${environment[@]}" > "$store/$id/env"
    : > "$store/$id/binds"; : > "$store/$id/capabilities"; printf '%s' $rules > "$store/$id/rules"
    [ ${#binds[@]} -eq 0 ] || printf '%s\0' "${binds[@]}" > "$store/$id/binds"
    [ ${#capabilities[@]} -eq 0 ] || printf '%s\0' "${capabilities[@]}" > "$store/$id/capabilities"
    [ ${#labels[@]} -eq 0 ] || printf '%s\0' "${labels[@]}" > "$store/$id/labels"
    [ -z "$remove" ] || : > "$store/$id/rm"
    flock -u 9; exec 9>&-
    launch "$id"
    if [ -n "$detached" ]; then echo "$id"; return 0; fi
    trap 'end "$id" TERM; exit 130' INT TERM HUP
    tail -n +1 -f "$store/$id/log" & other=$!
    while running "$id"; do sleep 0.2; done
    kill "$other" 2> /dev/null
    return "$(fact "$id" exitcode || echo 0)"
}

# @include docker-list.sh
# @include docker-inspect.sh

each() { # action, then names and options
    local action=$1 force= failed=0 id name names=()
    shift
    while [ $# -gt 0 ]; do
        case $1 in
            -f|--force|--force=true) force=1 ;;
            -t|--time|--timeout|-s|--signal) shift ;;
            -v|--volumes|-*=*) ;;
            -*) fail 125 "unknown shorthand flag: $1" ;;
            *) names+=("$1") ;;
        esac
        shift
    done
    [ ${#names[@]} -gt 0 ] || fail 1 "\"docker $action\" requires at least 1 argument."
    for name in "${names[@]}"; do
        if ! id=$(find_one "$name"); then
            [ "$action$force" = rm1 ] && continue
            echo "Error response from daemon: No such container: $name" >&2; failed=1; continue
        fi
        case $action in
            stop) : > "$store/$id/stopped"; end "$id" TERM ;;
            kill) end "$id" KILL ;;
            start) running "$id" || launch "$id" ;;
            restart) end "$id" TERM; launch "$id" ;;
            rm)
                if running "$id" && [ -z "$force" ]; then
                    echo "Error response from daemon: cannot remove container \"/$(fact "$id" name)\": container is running: stop the container before removing or force remove" >&2
                    failed=1; continue
                fi
                end "$id" KILL
                rm -rf "${store:?}/$id" ;;
        esac
        echo "$name"
    done
    return $failed
}

logs() {
    local id name= lines=
    while [ $# -gt 0 ]; do
        case $1 in -n|--tail) lines=$2; shift ;; --tail=*) lines=${1#*=} ;; -*) ;; *) name=$1 ;; esac
        shift
    done
    id=$(find_one "$name") || refuse "$name"
    if [ -n "$lines" ] && [ "$lines" != all ]; then tail -n "$lines" "$store/$id/log"; else cat "$store/$id/log"; fi
}

inside() { # options, container, command: it runs on the VM, whose files and network the container shares
    local id
    while [[ $1 == -* ]]; do case $1 in -e|--env|-u|--user|-w|--workdir) shift ;; esac; shift; done
    id=$(find_one "$1") || refuse "$1"
    running "$id" || fail 1 "Error response from daemon: container $id is not running"
    shift
    case ${1##*/} in
        pilot-agent) shift; exec bash /usr/lib/hybridmesh-lab/pilot-agent "$@" ;;
        *) exec "$@" ;;
    esac
}

rename() { # container, name
    local id other
    id=$(find_one "$1") || refuse "$1"
    if other=$(find_one "$2") && [ "$(fact "$other" name)" = "$2" ]; then
        fail 1 "Error response from daemon: Conflict. The container name \"/$2\" is already in use by container \"$other\"."
    fi
    printf '%s' "$2" > "$store/$id/name"
}

version() {
    case $1$2 in
        *'{{json .}}'*|*json*) echo '{"Client":{"Version":"27.0.0-hybridmesh-lab"},"Server":{"Version":"27.0.0-hybridmesh-lab"}}' ;;
        *'{{'*) echo 27.0.0-hybridmesh-lab ;;
        *) printf 'Client:\n Version:           27.0.0-hybridmesh-lab\n\nServer:\n Engine:\n  Version:          27.0.0-hybridmesh-lab\n' ;;
    esac
}

boot() { # the VM has started: what was to go is removed, what was to come back starts
    local id
    for id in $(containers); do
        if [ -f "$store/$id/rm" ]; then rm -rf "${store:?}/$id"
        else case $(fact "$id" restart) in
            always) launch "$id" ;;
            unless-stopped) [ -f "$store/$id/stopped" ] || launch "$id" ;;
        esac; fi
    done
}

[ "$1" = container ] && shift
command=$1
[ $# -eq 0 ] || shift
case $command in
    run) run "$@" ;;
    ps|ls|list) list "$@" ;;
    inspect) inspect "$@" ;;
    stop|kill|start|restart|rm) each "$command" "$@" ;;
    logs) logs "$@" ;;
    exec) inside "$@" ;;
    rename) rename "$@" ;;
    image) fail 1 "Error: No such image: ${*: -1}" ;;
    version|-v|--version) version "$@" ;;
    info) echo 'Server Version: 27.0.0-hybridmesh-lab' ;;
    pull) echo "$1" ;;
    _boot) boot ;;
    *) fail 1 "docker: '$command' is not a docker command.
See 'docker --help'" ;;
esac
