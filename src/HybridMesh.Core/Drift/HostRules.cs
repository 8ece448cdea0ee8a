using System.Text.RegularExpressions;

namespace HybridMesh.Core;

/// <summary>Whether a VM's hosts file still says what the mesh says.</summary>
internal static partial class HostRules
{
    public static async Task<IReadOnlyList<MeshDrift>> FindAsync(VmView view, CancellationToken cancellationToken)
    {
        DriftMesh mesh = view.Mesh!;
        HostsFile file;
        try
        {
            file = HostsFile.Parse(view.Facts!.Hosts, $"/etc/hosts on VM {view.Vm}");
        }
        catch (MeshException e)
        {
            return
            [
                view.Drift(DriftKind.HostsFileDamaged, DriftSeverity.Error, e.Message) with { Name = "/etc/hosts" },
            ];
        }

        List<MeshDrift> found = [];
        foreach ((HostsEntry entry, string name) in file.Entries
            .SelectMany(entry => entry.Names.Select(name => (entry, name))))
        {
            MeshDrift? drift = Istiod().IsMatch(name) ? IstiodRecord(view, mesh, entry, name)
                : ServiceName().Match(name) is { Success: true } match
                ? await ServiceAsync(view, mesh, entry, name, match, cancellationToken).ConfigureAwait(false)
                : entry.IsOwn ? null : Shadow(view, file, entry, name);
            if (drift is not null)
            {
                found.Add(drift);
            }
        }

        return found;
    }

    private static MeshDrift? IstiodRecord(VmView view, DriftMesh mesh, HostsEntry entry, string name)
    {
        string address = entry.Address.ToString();
        return mesh.GatewayAddresses.Count == 0 || mesh.GatewayAddresses.Contains(address) ? null
            : Record(view, entry, name, DriftKind.IstiodRecordStale, DriftSeverity.Error,
                $"sends the sidecar to {address}, but istiod is reached at "
                + $"{string.Join(", ", mesh.GatewayAddresses)}") with
            {
                Expected = string.Join(", ", mesh.GatewayAddresses),
                Command = entry.IsOwn
                    ? DriftCommands.AddRecord(view.Vm, new HostRecord(name, mesh.GatewayAddresses[0]))
                    : DriftCommands.EditHosts(view.Vm, entry, name) + "; "
                        + DriftCommands.AddRecord(view.Vm, new HostRecord(name, mesh.GatewayAddresses[0])),
            };
    }

    private static async Task<MeshDrift?> ServiceAsync(
        VmView view, DriftMesh mesh, HostsEntry entry, string name, Match match, CancellationToken cancellationToken)
    {
        string service = match.Groups[1].Value.ToLowerInvariant(), ns = match.Groups[2].Value.ToLowerInvariant();
        string address = entry.Address.ToString();
        string? today;
        try
        {
            today = await mesh.ClusterIPAsync(service, ns, cancellationToken).ConfigureAwait(false);
        }
        catch (MeshException)
        {
            // A namespace that we may not read; nothing is known about its Services.
            return null;
        }

        string remove = entry.IsOwn
            ? DriftCommands.RemoveRecord(view.Vm, name) : DriftCommands.EditHosts(view.Vm, entry, name);
        if (string.IsNullOrEmpty(today))
        {
            return Record(
                view, entry, name, DriftKind.HostRecordOrphaned, DriftSeverity.Warning,
                $"gives {address}, but "
                + $"{(today is null ? "there is no such Service" : "that Service has no ClusterIP")} "
                + "in the mesh") with
            {
                Command = remove,
            };
        }

        if (MeshAddress.Same(today, address))
        {
            return view.Facts is { State: SidecarState.Ready, Env.CapturesDns: true }
                ? Record(
                    view, entry, name, DriftKind.HostRecordHidesDns, DriftSeverity.Information,
                    "hides what the sidecar's DNS answers, and stays behind when the Service gets another address") with
                {
                    Expected = null,
                    Command = remove,
                }
                : null;
        }

        return Record(
            view, entry, name,
            entry.IsOwn ? DriftKind.HostRecordStale : DriftKind.HostRecordShadowed, DriftSeverity.Error,
            $"gives {address}, but the Service's ClusterIP is {today}, so that requests go past the mesh or to "
            + "nobody") with
        {
            Expected = today,
            Command = entry.IsOwn ? DriftCommands.AddRecord(view.Vm, service, ns) : remove,
        };
    }

    private static MeshDrift? Shadow(VmView view, HostsFile file, HostsEntry entry, string name) =>
        file.OwnRecords.FirstOrDefault(own => own.HostName.Equals(name, StringComparison.OrdinalIgnoreCase)
            && file.FindShadow(own)?.LineNumber == entry.LineNumber) is { } hidden
            ? Record(
                view, entry, name, DriftKind.HostRecordShadowed, DriftSeverity.Error,
                $"comes first and gives {entry.Address} instead of our {hidden.IPAddress}") with
            {
                Expected = hidden.IPAddress,
                Command = DriftCommands.EditHosts(view.Vm, entry, name),
            }
            : null;

    private static MeshDrift Record(
        VmView view, HostsEntry entry, string name, DriftKind kind, DriftSeverity severity, string what) =>
        view.Drift(
            kind, severity,
            $"Line {entry.LineNumber} of /etc/hosts on VM "
            + $"{view.Vm}{(entry.IsOwn ? "" : ", which is not ours,")} is about "
            + $"{name} and {what}.") with
        {
            Name = name,
            Actual = entry.Address.ToString(),
        };

    [GeneratedRegex(@"^istiod(-[a-z0-9-]+)?\.[a-z0-9-]+\.svc(\.cluster\.local)?\.?$", RegexOptions.IgnoreCase)]
    private static partial Regex Istiod();

    [GeneratedRegex(@"^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?\.?$", RegexOptions.IgnoreCase)]
    private static partial Regex ServiceName();
}
