labels_flat() { local line comma=; while IFS= read -r -d '' line; do printf '%s%s' "$comma" "$line"; comma=,; done < "$store/$1/labels"; }

matches() { # id, filter
    local id=$1 key=${2%%=*} value=${2#*=} line
    case $key in
        name) [[ /$(fact "$id" name) =~ $value ]] || [[ $(fact "$id" name) =~ $value ]] ;;
        id) case $id in "$value"*) return 0 ;; *) return 1 ;; esac ;;
        status) [ "$(state "$id")" = "$value" ] ;;
        ancestor) [ "$(fact "$id" image)" = "$value" ] ;;
        label)
            while IFS= read -r -d '' line; do
                [ "$line" = "$value" ] && return 0
                case $value in *=*) ;; *) [ "${line%%=*}" = "$value" ] && return 0 ;; esac
            done < "$store/$id/labels"
            return 1 ;;
        *) fail 1 "Error response from daemon: invalid filter '$key'" ;;
    esac
}

ps_json() {
    local id=$1
    printf '{"Command":"\\"java -jar /app.jar\\"","CreatedAt":%s,"ID":%s,"Image":%s,"Labels":%s,"LocalVolumes":"0","Mounts":"","Names":%s,"Networks":"host","Ports":"","RunningFor":%s,"Size":"0B","State":%s,"Status":%s}\n' \
        "$(quoted "$(fact "$id" created)")" "$(quoted "$short")" "$(quoted "$(fact "$id" image)")" \
        "$(quoted "$(labels_flat "$id")")" "$(quoted "$(fact "$id" name)")" \
        "$(quoted "$(ago "$(fact "$id" startedat)") ago")" "$(quoted "$(state "$id")")" "$(quoted "$(status "$id")")"
}

ps_line() {
    local id=$1 text=$2 label short=$1
    [ -n "$no_trunc" ] || short=${id:0:12}
    text=${text//'{{ '/'{{'}; text=${text//' }}'/'}}'}; text=${text//'\t'/$'\t'}; text=${text#table }
    [ "$text" = '{{json .}}' ] || [ "$text" = json ] && { ps_json "$id"; return; }
    while [[ $text =~ \{\{\.Label\ \"([^\"]*)\"\}\} ]]; do
        label=$(while IFS= read -r -d '' line; do
            [ "${line%%=*}" = "${BASH_REMATCH[1]}" ] && printf '%s' "${line#*=}"; done < "$store/$id/labels")
        text=${text/"${BASH_REMATCH[0]}"/"$label"}
    done
    text=${text//'{{.Names}}'/$(fact "$id" name)}; text=${text//'{{.ID}}'/$short}
    text=${text//'{{.Image}}'/$(fact "$id" image)}; text=${text//'{{.Labels}}'/$(labels_flat "$id")}
    text=${text//'{{.State}}'/$(state "$id")}; text=${text//'{{.Status}}'/$(status "$id")}
    echo "$text"
}

list() {
    local all= quiet= format= no_trunc= id filter short keep filters=()
    while [ $# -gt 0 ]; do
        case $1 in
            -a|--all) all=1 ;;
            -q|--quiet) quiet=1 ;;
            -aq|-qa) all=1; quiet=1 ;;
            --no-trunc) no_trunc=1 ;;
            -f|--filter) filters+=("$2"); shift ;;
            --filter=*) filters+=("${1#*=}") ;;
            --format) format=$2; shift ;;
            --format=*) format=${1#*=} ;;
            *) fail 125 "unknown flag: $1
See 'docker ps --help'." ;;
        esac
        shift
    done
    [ -n "$format$quiet" ] ||
        printf '%-14s%-60s%-24s%s\n' 'CONTAINER ID' IMAGE STATUS NAMES
    for id in $(containers); do
        [ -n "$all" ] || running "$id" || continue
        keep=1
        for filter in "${filters[@]}"; do matches "$id" "$filter" || keep=; done
        [ -n "$keep" ] || continue
        if [ -n "$quiet" ]; then [ -n "$no_trunc" ] && echo "$id" || echo "${id:0:12}"
        elif [ -n "$format" ]; then ps_line "$id" "$format"
        else printf '%-14s%-60s%-24s%s\n' "${id:0:12}" "$(fact "$id" image)" "$(status "$id")" "$(fact "$id" name)"; fi
    done
}
