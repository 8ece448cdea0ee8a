config_json() {
    printf '{"Image":%s,"Env":%s,"Labels":%s}' "$(quoted "$(fact "$1" image)")" "$(array "$store/$1/env")" \
        "$(object "$store/$1/labels")"
}

state_json() {
    local live=false pid=0 code
    code=$(fact "$1" exitcode || { [ -f "$store/$1/pid" ] && echo 137 || echo 0; })
    if running "$1"; then live=true code=0; read -r pid _ < "$store/$1/pid"; fi
    printf '{"Status":"%s","Running":%s,"Paused":false,"Restarting":false,"OOMKilled":false,"Dead":false,"Pid":%s,"ExitCode":%s,"Error":"","StartedAt":"%s"}' \
        "$(state "$1")" "$live" "$pid" "$code" "$(date -u -d "@$(fact "$1" startedat)" +%Y-%m-%dT%H:%M:%SZ)"
}

mounts_json() {
    local line comma= target
    printf '['
    while IFS= read -r -d '' line; do
        target=${line#*:}
        printf '%s{"Type":"bind","Source":%s,"Destination":%s,"Mode":"","RW":true,"Propagation":"rprivate"}' "$comma" \
            "$(quoted "${line%%:*}")" "$(quoted "${target%%:*}")"
        comma=,
    done < "$store/$1/binds"
    printf ']'
}

inspect_json() {
    local id=$1 remove=false
    [ -f "$store/$id/rm" ] && remove=true
    printf '{"Id":"%s","Created":"%s","Name":%s,"State":%s,"Image":"sha256:%s","RestartCount":0,"Config":%s,"Mounts":%s,"HostConfig":{"NetworkMode":"host","Binds":%s,"CapAdd":%s,"AutoRemove":%s,"RestartPolicy":{"Name":"%s","MaximumRetryCount":0}}}' \
        "$id" "$(fact "$id" created)" "$(quoted "/$(fact "$id" name)")" "$(state_json "$id")" "$id" \
        "$(config_json "$id")" "$(mounts_json "$id")" "$(array "$store/$id/binds")" "$(array "$store/$id/capabilities")" \
        "$remove" "$(fact "$id" restart)"
}

inspect_format() {
    local id=$1 text=$2 live=false
    running "$id" && live=true
    text=${text//'{{ '/'{{'}; text=${text//' }}'/'}}'}
    text=${text//'{{json .}}'/$(inspect_json "$id")}; text=${text//'{{json .Config.Env}}'/$(array "$store/$id/env")}
    text=${text//'{{json .Config.Labels}}'/$(object "$store/$id/labels")}
    text=${text//'{{json .Mounts}}'/$(mounts_json "$id")}
    text=${text//'{{json .HostConfig.Binds}}'/$(array "$store/$id/binds")}
    text=${text//'{{json .Config}}'/$(config_json "$id")}; text=${text//'{{json .State}}'/$(state_json "$id")}
    text=${text//'{{.State.Running}}'/$live}; text=${text//'{{.State.Status}}'/$(state "$id")}
    text=${text//'{{.Config.Image}}'/$(fact "$id" image)}; text=${text//'{{.Name}}'//$(fact "$id" name)}
    text=${text//'{{.Id}}'/$id}
    echo "$text"
}

inspect() {
    local format= missing= id name comma= names=()
    while [ $# -gt 0 ]; do
        case $1 in
            -f|--format) format=$2; shift ;;
            --format=*) format=${1#*=} ;;
            --type) shift ;;
            --type=*) ;;
            -*) fail 125 "unknown flag: $1" ;;
            *) names+=("$1") ;;
        esac
        shift
    done
    [ -n "$format" ] || printf '['
    for name in "${names[@]}"; do
        if ! id=$(find_one "$name"); then missing="$missing$name "; continue; fi
        if [ -n "$format" ]; then inspect_format "$id" "$format"; else printf '%s' "$comma"; inspect_json "$id"; comma=,; fi
    done
    [ -n "$format" ] || printf ']\n'
    for name in $missing; do echo "Error: No such object: $name" >&2; done
    [ -z "$missing" ]
}
