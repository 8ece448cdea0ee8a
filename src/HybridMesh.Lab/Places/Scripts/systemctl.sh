#!/bin/bash
# A stand-in for systemctl on a VM of the practice lab, which has no systemd: it starts and stops services as their
# units say. What runs or has failed has a folder on the tmpfs /run with a file per fact; a clean end leaves nothing.
# Restart= is read and left alone: what has failed stays failed, so that people see it.
store=/run/hybridmesh/units journal=/var/log/hybridmesh-journal
folders=(/etc/systemd/system /run/systemd/system /usr/local/lib/systemd/system /lib/systemd/system
    /usr/lib/systemd/system)
all_properties='Id Names Description LoadState ActiveState SubState FragmentPath DropInPaths UnitFileState MainPID
    ExecMainPID ExecMainStatus ExecMainStartTimestamp ActiveEnterTimestamp Result NeedDaemonReload NRestarts'
declare -A settings
variables=() quiet= now= value= properties= lines=10

full_name() {
    case $1 in *.service|*.target|*.socket|*.timer|*.mount|*.path) echo "$1" ;; *) echo "$1.service" ;; esac
}

fragment() {
    local folder
    for folder in "${folders[@]}"; do [ -e "$folder/$1" ] && { echo "$folder/$1"; return 0; }; done
    return 1
}

drop_ins() { # sorted by name; of two with one name the first folder's counts
    local folder file
    for folder in "${folders[@]}"; do
        for file in "$folder/$1.d"/*.conf; do [ -f "$file" ] && printf '%s\t%s\n' "${file##*/}" "$file"; done
    done | sort -s -u -t $'\t' -k1,1 | cut -f2
}

text() { # everything a unit says
    local file
    { fragment "$1"; drop_ins "$1"; } | while IFS= read -r file; do cat "$file"; echo; done
}

parse() { # a unit's text -> settings: all values of a key, a line each; an empty value forgets those before
    local line next section= key
    settings=()
    while IFS= read -r line || [ -n "$line" ]; do
        while [[ $line == *\\ ]]; do IFS= read -r next || next=; line="${line%\\} $next"; done
        line=${line#"${line%%[![:space:]]*}"}; line=${line%"${line##*[![:space:]]}"}
        case $line in
            ''|'#'*|';'*) continue ;;
            '['*']') section=${line:1:-1}; continue ;;
            *=*) ;;
            *) continue ;;
        esac
        key=${line%%=*}; key=$section.${key%"${key##*[![:space:]]}"}
        next=${line#*=}; next=${next#"${next%%[![:space:]]*}"}
        if [ -z "$next" ]; then unset "settings[$key]"; else settings[$key]+=$next$'\n'; fi
    done
}

setting() { # key, default: the last value
    local all=${settings[$1]%$'\n'}
    all=${all##*$'\n'}
    printf '%s' "${all:-$2}"
}

fact() { [ -f "$store/$1/$2" ] && printf '%s' "$(< "$store/$1/$2")"; }
active_state() { fact "$1" state || echo inactive; }
stamp() { date '+%a %Y-%m-%d %H:%M:%S %Z'; }

note() { # unit, text: a line of systemd's own in the journal
    mkdir -p "$journal"
    printf '%s %s systemd[1]: %s\n' "$(date '+%b %d %H:%M:%S')" "$(hostname)" "$2" >> "$journal/$1.log"
}

split() { # a line as systemd reads it -> words
    local word
    words=()
    [ -n "${1//[[:space:]]/}" ] || return 0
    while IFS= read -r -d '' word; do words+=("$word"); done < <(printf '%s' "$1" | xargs printf '%s\0' 2> /dev/null)
}

read_variables() { # Environment= and EnvironmentFile= -> variables; false when a file is missing
    local line file word key
    variables=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin LANG=C.UTF-8)
    while IFS= read -r line; do
        split "$line"; variables+=("${words[@]}")
    done <<< "${settings[Service.Environment]%$'\n'}"
    while IFS= read -r file; do
        [ -n "$file" ] || continue
        [ -r "${file#-}" ] || { [ "${file:0:1}" = - ] && continue; return 1; }
        while IFS= read -r line || [ -n "$line" ]; do
            case $line in ''|'#'*|';'*) continue ;; esac
            key=${line%%=*}; split "${line#*=}"; word=${words[*]}
            [[ $key =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] && variables+=("$key=$word")
        done < "${file#-}"
    done <<< "${settings[Service.EnvironmentFile]%$'\n'}"
}

variable() { # name
    local entry found=
    for entry in "${variables[@]}"; do [ "${entry%%=*}" = "$1" ] && found=${entry#*=}; done
    printf '%s' "$found"
}

prepare() { # an Exec line -> call (a command), lenient
    local line=$1 unit=$2 user group word key full=
    lenient=
    while [[ $line =~ ^[-+!:@|] ]]; do
        case ${line:0:1} in -) lenient=1 ;; +|!) full=1 ;; *) ;; esac
        line=${line:1}
    done
    line=${line//%%/$'\1'}; line=${line//%n/$unit}; line=${line//%N/${unit%.*}}; line=${line//%H/$(hostname)}
    split "${line//$'\1'/%}"
    call=(env -i "${variables[@]}")
    user=$(setting Service.User root)
    if [ "$user" != root ] && [ -z "$full" ]; then
        call+=("USER=$user" "LOGNAME=$user" "HOME=$(getent passwd "$user" | cut -d: -f6)")
        group=$(setting Service.Group "$(id -gn "$user" 2> /dev/null)")
        call+=(setpriv --reuid "$user" --regid "$group" --init-groups)
    fi
    for word in "${words[@]}"; do
        if [[ $word =~ ^\$([A-Za-z_][A-Za-z0-9_]*)$ ]]; then
            # shellcheck disable=SC2207 # a variable alone is as many words as it has
            call+=($(variable "${BASH_REMATCH[1]}"))
            continue
        fi
        while [[ $word =~ \$\{([A-Za-z_][A-Za-z0-9_]*)\} ]]; do
            key=${BASH_REMATCH[1]}; word=${word//"\${$key}"/"$(variable "$key")"}
        done
        call+=("${word//\$\$/\$}")
    done
}

run_all() { # key, unit: every line of a key, one after another; false with the first that fails
    local line code
    while IFS= read -r line; do
        [ -n "$line" ] || continue
        prepare "$line" "$2"
        "${call[@]}"; code=$?
        if [ "$code" -ne 0 ] && [ -z "$lenient" ]; then
            note "$2" "$2: Control process exited, code=exited, status=$code/FAILURE"
            return "$code"
        fi
    done <<< "${settings[$1]%$'\n'}"
}

become() { printf '%s' "$3" > "$store/$1/sub.new"; mv "$store/$1/sub.new" "$store/$1/sub"
    printf '%s' "$2" > "$store/$1/state.new"; mv "$store/$1/state.new" "$store/$1/state"; }

redirect() { # where the service's output goes
    local target
    for target in Output Error; do
        case $(setting "Service.Standard$target" journal) in
            append:*) local file; file=$(setting "Service.Standard$target"); file=${file#append:} ;;
            file:*|truncate:*) file=$(setting "Service.Standard$target"); file=${file#*:}; : > "$file" ;;
            null) file=/dev/null ;;
            *) [ "$target" = Error ] && [ -n "$(setting Service.StandardOutput)" ] && { exec 2>&1; continue; }
                file=$journal/$1.log ;;
        esac
        if [ "$target" = Output ]; then exec >> "$file"; else exec 2>> "$file"; fi
    done
}

supervise() { # unit: what systemd itself does with a service, from its start to its end
    local unit=$1 folder=$store/$1 code=0 result=success main
    trap '' HUP INT
    parse < "$folder/text"
    redirect "$unit"
    cd "$(setting Service.WorkingDirectory /)" || cd /
    if ! read_variables; then
        note "$unit" "$unit: Failed to load environment files: No such file or directory"; result=resources
    elif ! run_all Service.ExecStartPre "$unit"; then result=exit-code
    elif [ "$(setting Service.Type simple)" = oneshot ]; then
        run_all Service.ExecStart "$unit" || { code=$?; result=exit-code; }
        if [ $result = success ] && [[ $(setting Service.RemainAfterExit) =~ ^(yes|true|1|on)$ ]]; then
            become "$unit" active exited; stamp > "$folder/since"
            note "$unit" "Finished $unit - $(setting Unit.Description "$unit")."
            echo 0 > "$folder/started"
            until [ -f "$folder/stopping" ]; do sleep 0.1; done
        fi
    else
        prepare "$(setting Service.ExecStart)" "$unit"
        set -m   # a process group of its own, which stop can end as a whole
        "${call[@]}" < /dev/null &
        main=$!
        echo "$main" > "$folder/pid"; stamp > "$folder/since"
        become "$unit" active running
        note "$unit" "Started $unit - $(setting Unit.Description "$unit")."
        run_all Service.ExecStartPost "$unit"
        echo 0 > "$folder/started"
        wait "$main"; code=$?
        set +m
        case $code in
            0|129|130|141|143) ;;
            *) result=exit-code; [ "$code" -gt 128 ] && result=signal
                note "$unit" "$unit: Main process exited, code=exited, status=$code/FAILURE" ;;
        esac
    fi
    variables+=("SERVICE_RESULT=$result" "EXIT_STATUS=$code")
    become "$unit" deactivating stop-post
    run_all Service.ExecStopPost "$unit"
    rm -f "$folder/pid"
    if [ $result = success ]; then
        note "$unit" "$unit: Deactivated successfully."
        [ -f "$folder/started" ] || { echo 0 > "$folder/started"; sleep 0.2; }
        rm -rf "$folder"
    else
        echo "$code" > "$folder/code"; echo $result > "$folder/result"
        note "$unit" "$unit: Failed with result '$result'."
        become "$unit" failed failed
        [ -f "$folder/started" ] || echo 1 > "$folder/started"
    fi
}

known() { fragment "$1" > /dev/null; }
masked() { [ "$(readlink -f "$(fragment "$1")")" = /dev/null ]; }

start_unit() {
    local unit=$1 attempt
    known "$unit" || { echo "Failed to start $unit: Unit $unit not found." >&2; return 5; }
    masked "$unit" && { echo "Failed to start $unit: Unit $unit is masked." >&2; return 1; }
    case $(active_state "$unit") in active|activating) return 0 ;; esac
    rm -rf "${store:?}/$unit"; mkdir -p "$store/$unit" "$journal"
    text "$unit" > "$store/$unit/text"
    become "$unit" activating start
    setsid "$0" _supervise "$unit" > /dev/null 2>&1 < /dev/null &
    for ((attempt = 0; attempt < 4500; attempt++)); do
        [ -f "$store/$unit/started" ] || [ ! -d "$store/$unit" ] && break
        sleep 0.02
    done
    [ "$(fact "$unit" started)" != 1 ] && return 0
    echo "Job for $unit failed because the control process exited with error code.
See \"systemctl status $unit\" and \"journalctl -xeu $unit\" for details." >&2
    return 1
}

stop_unit() {
    local unit=$1 pid attempt
    known "$unit" || [ -d "$store/$unit" ] || { echo "Failed to stop $unit: Unit $unit not loaded." >&2; return 5; }
    case $(active_state "$unit") in active|activating|deactivating) ;; *) return 0 ;; esac
    : > "$store/$unit/stopping"
    parse < "$store/$unit/text"; read_variables
    pid=$(fact "$unit" pid); variables+=("MAINPID=$pid")
    run_all Service.ExecStop "$unit" > /dev/null 2>&1
    [ -z "$pid" ] || kill -TERM -- "-$pid" 2> /dev/null
    for ((attempt = 0; attempt < 500; attempt++)); do
        case $(active_state "$unit") in inactive|failed) return 0 ;; esac
        [ $attempt -ne 400 ] || kill -KILL -- "-$pid" 2> /dev/null
        sleep 0.02
    done
}

unit_file_state() {
    local unit=$1 link
    known "$unit" || return 1
    masked "$unit" && { echo masked; return; }
    for link in /etc/systemd/system/*.wants/"$unit" /etc/systemd/system/*.requires/"$unit"; do
        [ -L "$link" ] && { echo enabled; return; }
    done
    parse < <(text "$unit")
    if [ -n "${settings[Install.WantedBy]}${settings[Install.RequiredBy]}" ]; then echo disabled; else echo static; fi
}

enable_unit() {
    local unit=$1 target link
    known "$unit" || { echo "Failed to enable unit: Unit file $unit does not exist." >&2; return 1; }
    masked "$unit" && { echo "Failed to enable unit: Unit file /etc/systemd/system/$unit is masked." >&2; return 1; }
    parse < <(text "$unit")
    for target in ${settings[Install.WantedBy]}; do
        link=/etc/systemd/system/$target.wants/$unit
        [ -L "$link" ] && continue
        mkdir -p "${link%/*}"; ln -s "$(fragment "$unit")" "$link"
        echo "Created symlink $link → $(fragment "$unit")." >&2
    done
}

disable_unit() {
    local unit=$1 link found=
    for link in /etc/systemd/system/*.wants/"$unit"; do
        [ -L "$link" ] || continue
        rm "$link"; echo "Removed \"$link\"." >&2; found=1
        rmdir --ignore-fail-on-non-empty "${link%/*}"
    done
    [ -n "$found" ] || known "$unit" || {
        echo "Failed to disable unit: Unit file $unit does not exist." >&2
        return 1
    }
}

needs_reload() { [ -f "$store/$1/text" ] && ! text "$1" | cmp -s - "$store/$1/text"; }

property() { # unit, name
    case $2 in
        Id|Names) echo "$1" ;;
        Description) setting Unit.Description "$1"; echo ;;
        LoadState) if ! known "$1"; then echo not-found; elif masked "$1"; then echo masked; else echo loaded; fi ;;
        ActiveState) active_state "$1"; echo ;;
        SubState) fact "$1" sub || printf dead; echo ;;
        UnitFileState) unit_file_state "$1" || echo ;;
        FragmentPath) fragment "$1" || echo ;;
        DropInPaths) drop_ins "$1" | paste -sd ' ' - ;;
        MainPID|ExecMainPID) fact "$1" pid || printf 0; echo ;;
        ExecMainStatus) fact "$1" code || printf 0; echo ;;
        Result) fact "$1" result || printf success; echo ;;
        ActiveEnterTimestamp|ExecMainStartTimestamp) fact "$1" since; echo ;;
        NeedDaemonReload) needs_reload "$1" && echo yes || echo no ;;
        NRestarts) echo 0 ;;
        Type|User|Group|Restart) setting "Service.$2"; echo ;;
    esac
}

show() {
    local name found
    parse < <(text "$1")
    for name in ${properties:-$all_properties}; do
        found=$(property "$1" "$name")
        if [ -n "$value" ]; then echo "$found"; else echo "$name=$found"; fi
    done
}

# @include systemctl-verbs.sh
