using System.Globalization;
using System.Net;

namespace HybridMesh.Core;

/// <summary>What must hold of a VM before a sidecar's files are written there.</summary>
internal static class SidecarVmCheck
{
    private static readonly string[] MeshSuffixes = [".svc.cluster.local", ".svc"];

    /// <summary>Refuses the wrong VM, one that would be locked out, and one that lacks what is needed.</summary>
    public static void Check(
        SidecarInstallRequest request, ClusterEnvironment environment, MeshVm vm, SidecarSurvey survey,
        ChangeGuard guard)
    {
        CaptureRules.CheckSsh(environment, survey.SshPort, vm);
        CheckAddress(environment, vm, survey, guard);
        if (survey.Client == "none")
        {
            throw new MeshException(
                MeshErrorCode.NoHttpClient,
                $"VM {vm} has none of curl, wget and bash, one of which asks the sidecar whether it is ready.", vm);
        }

        if (request.Method == SidecarMethod.Container)
        {
            return;
        }

        if (!survey.HasSystemd)
        {
            throw new MeshException(
                MeshErrorCode.SidecarMissing,
                $"VM {vm} has no systemd to run Istio's service; use -Method Container.", vm);
        }

        if (request.Package is null && !(survey.HasUser && survey.HasUnit))
        {
            throw SidecarAnswer.NoPackage(vm);
        }
    }

    /// <summary>Tells of foreign lines that resolvers read before the agent's own DNS is asked.</summary>
    public static void WarnOfShadows(
        VmSidecarConfig config, ClusterEnvironment environment, HostsFile file, MeshVm vm, ChangeGuard guard)
    {
        HashSet<string> own = [.. HostsFile.Parse(config.Find(SidecarFileNames.Hosts)?.GetBytes() ?? [], "hosts")
            .Entries.SelectMany(entry => entry.Names)];
        bool captures = environment.Env.CapturesDns;
        foreach (HostsEntry entry in file.Entries.Where(entry => !entry.IsOwn))
        {
            foreach (string name in entry.Names.Where(name => own.Contains(name)
                || (captures && MeshSuffixes.Any(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase)))))
            {
                guard.Warn(string.Create(
                    CultureInfo.InvariantCulture,
                    $"/etc/hosts on VM {vm}: line {entry.LineNumber} is not ours and gives '{name}' the address "
                    + $"{entry.Address}; it comes before "
                    + $"{(own.Contains(name) ? "the sidecar's own record" : "the agent's DNS")}. Remove that line."));
            }
        }
    }

    private static void CheckAddress(ClusterEnvironment environment, MeshVm vm, SidecarSurvey survey, ChangeGuard guard)
    {
        const string Name = "ISTIO_SVC_IP";
        if (environment.Address is not { Length: > 0 } address)
        {
            if (survey.Addresses is [{ } first, ..] && first != vm.Address)
            {
                guard.Warn($"VM {vm}: {SidecarFileNames.ClusterEnv} has no {Name}, so the agent takes the VM's first "
                    + $"address, {first}, for the mesh's. Make it with New-VmSidecarConfig -InternalIP {vm.Address}.");
            }

            return;
        }

        // A load balancer or NAT has the address, and the rewrite of probes says so.
        bool isLoopback = IPAddress.TryParse(address, out IPAddress? ip) && IPAddress.IsLoopback(ip);
        bool fits = environment.IsExternal || (isLoopback ? address == vm.Address : survey.Owns(address) != false);
        if (!fits)
        {
            throw SidecarConfigCheck.Invalid(
                vm,
                [
                    $"{environment.Place(Name)} has {Name}='{address}', which is none of this VM's addresses "
                    + $"({string.Join(", ", survey.Addresses.DefaultIfEmpty(vm.Address))}): they are another VM's "
                    + $"files. Make them with New-VmSidecarConfig -InternalIP {vm.Address}.",
                ]);
        }
    }
}
