using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Ssh.Tests;

/// <summary>Three VMs of a lab of their own; the third has no package of Istio's.</summary>
[CollectionDefinition(Name)]
public sealed class SidecarVms : VmLab, ICollectionFixture<SidecarVms>
{
    public const string Name = "Sidecar VMs";

    /// <summary>Sets <c>script</c> to the process that holds the sidecar's lock on a VM: the installation under way.</summary>
    public const string Script = """
        lock=$(stat -c %d:%i /run/hybridmesh-sidecar.lock)
        script=$(for p in /proc/[0-9]*; do
          [ "$(stat -L -c %d:%i $p/fd/9 2> /dev/null)" != "$lock" ] || echo "${p#/proc/}"
        done | sort -n | head -n 1)
        test -n "$script" || exit 1

        """;

    private LabIstiod _istiod = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _istiod = new LabIstiod(Lab);
    }

    public override async Task DisposeAsync()
    {
        _istiod.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>The files of a VM; a new token each time, as New-VmSidecarConfig asks for one.</summary>
    public async Task<VmSidecarConfig> ConfigAsync(int index, params (string Name, string? Text)[] others)
    {
        MeshVm vm = Vm(index);
        Dictionary<string, string?> files = new()
        {
            [SidecarFileNames.ClusterEnv] = $$"""
                ISTIO_INBOUND_PORTS='8001'
                ISTIO_LOCAL_EXCLUDE_PORTS='22,15090,15021,15020'
                ISTIO_METAJSON_LABELS='{"app":"hello-workload","version":"{{vm.Version}}"}'
                ISTIO_META_DNS_CAPTURE='true'
                ISTIO_META_WORKLOAD_NAME='hello2'
                ISTIO_NAMESPACE='default'
                ISTIO_SVC_IP='{{vm.Address}}'
                SERVICE_ACCOUNT='default'

                """,
            [SidecarFileNames.MeshConfig] = "defaultConfig:\n  discoveryAddress: istiod.istio-system.svc:15012\n",
            [SidecarFileNames.RootCert] = await _istiod.RootCertAsync(),
            [SidecarFileNames.Token] = await _istiod.TokenAsync(),
            [SidecarFileNames.Hosts] = $"{Lab.Facts.EastWestAddress} istiod.istio-system.svc\n",
        };
        foreach ((string name, string? text) in others)
        {
            files[name] = text;
        }

        return new VmSidecarConfig
        {
            Vm = vm,
            Namespace = "default",
            WorkloadName = "hello2",
            ServiceAccount = "default",
            Provider = MeshProvider.Istio,
            Files =
            [
                .. files.Where(file => file.Value is not null).Select(file => new SidecarFile(file.Key, file.Value!)),
            ],
        };
    }

    /// <summary>Installs the files of a VM.</summary>
    public async Task<VmSidecar?> InstallAsync(
        int index, VmSidecarConfig config, string? user = null,
        Func<SidecarInstallRequest, SidecarInstallRequest>? with = null, ChangeGuard? guard = null, CancellationToken cancellationToken = default)
    {
        SidecarInstallRequest request = new() { Config = config, Wait = TimeSpan.FromSeconds(40) };
        await using IRemoteShell shell = await ConnectAsync(index, user);
        return await SidecarInstaller.InstallAsync(
            shell, with?.Invoke(request) ?? request, TimeProvider.System, guard ?? ChangeGuard.None, cancellationToken);
    }

    /// <summary>Everything a sidecar could leave on a VM: paths, kinds, modes, owners and contents.</summary>
    // /opt is the host's and may hold gigabytes: of it only the sidecar's own folder is read whole.
    public Task<string> TreeAsync(int index) => RunAsync(index, """
        cd /
        ls -ld opt/*
        set -- etc var/lib/istio var/lib/dpkg opt/asm_vm_proxy root home tmp run/secrets usr/local/bin \
          lib/systemd/system
        find "$@" ! -type f -printf '%p %y %m %U:%G %l\n' 2> /dev/null | sort
        find "$@" -type f ! -name '*-old' ! -name '*-' -printf '%p %m %U:%G\n' 2> /dev/null | sort
        find "$@" -type f ! -name '*-old' ! -name '*-' -print0 2> /dev/null | sort -z | xargs -0 sha256sum
        """);

    /// <summary>Takes everything off a VM again.</summary>
    public async Task CleanAsync(int index)
    {
        await using IRemoteShell shell = await ConnectAsync(index);
        await SidecarRemover.RemoveAsync(shell, ChangeGuard.None, default);
    }

    protected override Task<LabFixture> StartAsync() => LabFixture.StartAsync(3, "--bare-vm", "vm3");
}
