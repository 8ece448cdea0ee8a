using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HybridMesh.Core;

/// <summary>
/// The command lines that mend findings. They name everything they need, so that they can be pasted anywhere a mesh is
/// connected.
/// </summary>
internal static partial class DriftCommands
{
    /// <summary>A VM as a hashtable that every VM cmdlet takes; what is at its default is left out.</summary>
    public static string Vm(MeshVm vm)
    {
        List<string> parts = [$"Name = {Q(vm.Name)}", $"Address = {Q(vm.Address)}"];
        Add("SshHost", vm.SshHost == vm.Address ? null : vm.SshHost);
        if (vm.SshPort != 22)
        {
            parts.Add($"SshPort = {vm.SshPort.ToString(CultureInfo.InvariantCulture)}");
        }

        Add("User", vm.User);
        Add("KeyFile", vm.KeyFile);
        Add("KnownHostsFile", vm.KnownHostsFile);
        Add("Version", vm.Version);
        if (vm.Labels.Count > 0)
        {
            parts.Add($"Labels = {PowerShellText.Table(vm.Labels)}");
        }

        Add("ServiceAccount", vm.ServiceAccount);
        Add("Network", vm.Network);
        Add("Locality", vm.Locality);
        if (vm.Weight is { } weight)
        {
            parts.Add($"Weight = {weight.ToString(CultureInfo.InvariantCulture)}");
        }

        return $"@{{ {string.Join("; ", parts)} }}";

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                parts.Add($"{name} = {Q(value)}");
            }
        }
    }

    /// <summary>Sets the version of one entry.</summary>
    public static string SetVersion(WorkloadEntry entry, string version) =>
        $"Get-WorkloadEntry -Namespace {Q(entry.Namespace)} | Where-Object Name -eq {Q(entry.Name)} | "
        + $"Set-WorkloadEntryVersion -Version {Q(version)}";

    /// <summary>
    /// Makes the sidecar's files anew and delivers them; null when no service tells what they should hold.
    /// </summary>
    public static string? Configure(VmView view)
    {
        string? group = view.Facts?.Env?["ISTIO_META_AUTO_REGISTER_GROUP"];
        string? source = group is not null ? $"-WorkloadGroup {Q(group)} -AutoRegister"
            : view.ServiceName is { } service ? $"-ServiceName {Q(service)}"
            : null;
        if (source is null)
        {
            return null;
        }

        string capture = view.Facts?.Env is { CapturesDns: false } ? " -CaptureDns $false" : "";
        string revision = Revision().Match(view.Facts?.Env?["CA_ADDR"] ?? "") is { Success: true } match
            ? $" -Revision {Q(match.Groups[1].Value)}" : "";
        string method = view.Facts is { Image: { } image } ? $" -Method Container -Image {Q(image)}" : "";
        return $"{Vm(view.Desired)} | New-VmSidecarConfig {source} -Namespace {Q(view.Namespace)}{capture}{revision} | "
            + $"Install-VmSidecar{method}";
    }

    /// <summary>Fetches a new token that lasts as long as the old one did, also when that has not ended yet.</summary>
    public static string RenewToken(VmView view)
    {
        TokenFacts? token = view.Facts?.Token;
        string due = token?.Expires > view.Now ? $" -IfExpiresWithin {Seconds(view.ExpiresWithin)}" : "";
        string duration = token?.Duration is { } length && length > TimeSpan.Zero && length != TimeSpan.FromHours(1)
            ? $" -TokenDuration {Seconds(length)}" : "";
        return $"{Vm(view.Vm)} | Update-VmSidecarToken{due}{duration}";
    }

    /// <summary>Runs the app's image of another version, where the image's name carries the version.</summary>
    public static string RunVersion(MeshVm vm, string from, string to) =>
        $"{Vm(vm)} | Get-VmApp | ForEach-Object {{ $_.Vm | Start-VmApp -Name $_.Name -Image ($_.Image -creplace "
        + $"{Q($"(?<![A-Za-z0-9]){Regex.Escape(from)}(?![A-Za-z0-9])")}, "
        + $"{Q(to.Replace("$", "$$", StringComparison.Ordinal))}) "
        + "-Environment $_.Environment }";

    /// <summary>Writes the record of a Service's present address.</summary>
    public static string AddRecord(MeshVm vm, string serviceName, string ns) =>
        $"{Vm(vm)} | Add-VmHostRecord -ServiceName {Q(serviceName)} -Namespace {Q(ns)}";

    /// <summary>Writes a record.</summary>
    public static string AddRecord(MeshVm vm, HostRecord record) =>
        $"{Vm(vm)} | Add-VmHostRecord -HostName {Q(record.HostName)} -IPAddress {Q(record.IPAddress)}";

    /// <summary>Removes a record of ours.</summary>
    public static string RemoveRecord(MeshVm vm, string hostName) =>
        $"{Vm(vm)} | Remove-VmHostRecord -HostName {Q(hostName)}";

    /// <summary>
    /// Registers a VM for a service; null when the service's ports or selector are not those of an app.
    /// </summary>
    public static string? Register(MeshVm vm, JsonObject? serviceEntry, string? serviceName, string ns)
    {
        Dictionary<string, string> selector = serviceEntry.Strings("spec", "workloadSelector", "labels");
        string[] ports = [.. (serviceEntry.At("spec", "ports") as JsonArray ?? [])
            .Select(port => $"{port.Text("protocol")?.ToLowerInvariant() ?? "tcp"}:"
                + $"{port.Number("number")?.ToString(CultureInfo.InvariantCulture)}")];
        return serviceName is null || selector.Count == 0 || ports.Length == 0 ? null
            : $"{Vm(vm)} | New-MeshVmApp -ServiceName {Q(serviceName)} -Port {string.Join(", ", ports.Select(Q))} "
                + $"-Label {PowerShellText.Table(selector)} -Namespace {Q(ns)}";
    }

    /// <summary>Deletes one WorkloadEntry and nothing else.</summary>
    public static string Delete(WorkloadEntry entry, string apiVersion)
    {
        JsonObject manifest = new()
        {
            ["apiVersion"] = apiVersion,
            ["kind"] = "WorkloadEntry",
            ["metadata"] = new JsonObject { ["name"] = entry.Name, ["namespace"] = entry.Namespace },
        };
        return $"$file = [IO.Path]::Combine([IO.Path]::GetTempPath(), {Q($"{entry.Namespace}-{entry.Name}.yaml")}); "
            + $"[IO.File]::WriteAllText($file, {Q(manifest.ToJsonString())}); Remove-MeshManifest -Path $file";
    }

    /// <summary>
    /// Takes a name out of a line of somebody else, in place, because hosts files may be mounts; the line must still be
    /// the one that was seen.
    /// </summary>
    public static string EditHosts(MeshVm vm, HostsEntry entry, string name)
    {
        string number = entry.LineNumber.ToString(CultureInfo.InvariantCulture);
        string address = entry.Address.ToString().Replace(".", "[.]", StringComparison.Ordinal);
        string escaped = name.Replace(".", "[.]", StringComparison.Ordinal);
        string edit = $"{number}s/^\\([[:space:]]*{address}[[:space:]].*\\|[[:space:]]*{address}\\)[[:space:]]{escaped}"
            + "\\([[:space:]]\\|$\\)/\\1 \\2/";
        string remote = $"t=$(mktemp) && sed {ShellWord.Quote(edit)} /etc/hosts > \"$t\" && "
            + "if [ \"$(id -u)\" = 0 ]; then cat \"$t\" > /etc/hosts; "
            + "else sudo -n tee /etc/hosts < \"$t\" > /dev/null; fi; "
            + "rm -f \"$t\"";
        return Ssh(vm, remote);
    }

    /// <summary>
    /// Starts the sidecar again, which makes its rules anew; nothing else need change.
    /// </summary>
    public static string Restart(VmView view)
    {
        string command = view.Facts?.Method == SidecarMethod.Container
            ? $"docker restart {SidecarPlaces.Container} || podman restart {SidecarPlaces.Container}"
            : $"systemctl restart {SidecarPlaces.Service}";
        return Ssh(
            view.Vm, $"if [ \"$(id -u)\" = 0 ]; then {command}; else sudo -n sh -c {ShellWord.Quote(command)}; fi");
    }

    private static string Ssh(MeshVm vm, string remote)
    {
        string port = vm.SshPort == 22 ? "" : $"-p {vm.SshPort.ToString(CultureInfo.InvariantCulture)} ";
        string key = vm.KeyFile is null ? "" : $"-i {Q(vm.KeyFile)} ";
        string hosts = vm.KnownHostsFile is null ? "" : $"-o {Q($"UserKnownHostsFile={vm.KnownHostsFile}")} ";
        return $"ssh {port}{key}{hosts}{Q(vm.User is null ? vm.SshHost : $"{vm.User}@{vm.SshHost}")} {Q(remote)}";
    }

    private static string Seconds(TimeSpan span) =>
        Math.Ceiling(span.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);

    private static string Q(string text) => PowerShellText.Quote(text);

    [GeneratedRegex(@"^istiod-([a-z0-9-]+)\.")]
    private static partial Regex Revision();
}
