using System.Collections.Concurrent;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>VMs in memory that answer the scripts which deliver sidecars and renew their tokens.</summary>
internal sealed class FakeSidecarVms
{
    private readonly FakeVmFiles _files = new();

    public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

    public ConcurrentDictionary<string, FakeSidecar> Sidecars { get; } = [];

    /// <summary>The scripts that change something, by VM.</summary>
    public ConcurrentQueue<(string Vm, string Script)> Writes { get; } = [];

    /// <summary>What the installation says, by VM; the default is that it is done.</summary>
    public ConcurrentDictionary<string, string> Answers { get; } = [];

    /// <summary>Further lines of what is found on every VM.</summary>
    public string Found { get; set; } = "user\nsystemd\nunit\nclient curl\n";

    /// <summary>The files of a VM.</summary>
    public VmSidecarConfig Config(string name, string address, string env = "ISTIO_NAMESPACE='hello'\n") => new()
    {
        Vm = new MeshVm { Name = name, Address = address },
        Namespace = "hello",
        WorkloadName = "hello2",
        ServiceAccount = "default",
        Provider = MeshProvider.Istio,
        Files =
        [
            new(SidecarFileNames.ClusterEnv, $"{env}ISTIO_SVC_IP='{address}'\n"),
            new(SidecarFileNames.MeshConfig, "defaultConfig: {}\n"),
            new(SidecarFileNames.RootCert, FakeSidecar.MakeCertificate(Now.AddDays(1))),
            new(SidecarFileNames.Token, FakeSidecar.MakeToken(Now.AddHours(1))),
            new(SidecarFileNames.Hosts, "10.9.9.9 istiod.istio-system.svc\n"),
        ],
    };

    public Task<CommandResult> RunAsync(FakeCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string vm = command.Vm.Name;
        string script = command.StandardInput ?? command.Command;
        string? output = FakeSidecar.IsAsked(command)
            ? Sidecars.GetOrAdd(vm, _ => new FakeSidecar { Service = "inactive" }).Answer(script).Output
            : script.Contains("printf 'ssh ", StringComparison.Ordinal)
            ? $"ssh 10.0.0.99 50000 {command.Vm.Address} 22\naddresses {command.Vm.Address}\n"
            : script.Contains("look() {", StringComparison.Ordinal) ? $"HybridMesh\n{Found}"
            : script.Contains("mkdir -m 700", StringComparison.Ordinal) || script.StartsWith("rm -rf /tmp/", StringComparison.Ordinal) ? ""
            : null;
        if (output is null && script.Contains("lock sidecar", StringComparison.Ordinal))
        {
            Writes.Enqueue((vm, script));
            output = Answers.GetValueOrDefault(vm, "HybridMesh\ndone\nversion 1.24.1\n");
        }

        return output is null
            ? _files.RunAsync(command, cancellationToken)
            : Task.FromResult(new CommandResult(0, output, ""));
    }
}
