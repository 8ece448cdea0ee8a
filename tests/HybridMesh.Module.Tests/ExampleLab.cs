using HybridMesh.Testing;

namespace HybridMesh.Module.Tests;

/// <summary>A lab on which an example's run.ps1 is run by the shell.</summary>
/// <param name="name">The example's folder.</param>
/// <param name="ns">The namespace it works in.</param>
public abstract class ExampleLab(string name, string ns) : IAsyncLifetime
{
    /// <summary>The kinds the example makes, each with its plane.</summary>
    private static readonly (bool Mesh, string Kinds)[] Objects =
    [
        (false, "namespaces,services,deployments.apps"),
        (true, "namespaces,serviceentries,workloadentries,gateways,virtualservices,destinationrules"),
    ];

    /// <summary>The lab.</summary>
    public LabFixture Lab { get; private set; } = null!;

    /// <inheritdoc/>
    public virtual async Task InitializeAsync() => Lab = await LabFixture.StartAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Lab.DisposeAsync();

    /// <summary>Runs the example on the lab, or another one that builds on it.</summary>
    public Task<ProcessResult> RunAsync(string more = "", string? example = null, string? connect = null)
    {
        string script = Path.Combine(RepositoryFiles.Root, "examples", example ?? name, "run.ps1");
        return InvokeAsync(
            $"& '{script}' -VmPath '{Lab.Facts.VmPath}' -Connect {{ {connect ?? Connect} }} {more}; exit $LASTEXITCODE");
    }

    /// <summary>Runs a line in the shell, connected, with <c>$vms</c> set.</summary>
    public Task<ProcessResult> ConnectedAsync(string line) =>
        InvokeAsync($"{Connect}; $vms = Import-MeshVm '{Lab.Facts.VmPath}'; {line}");

    /// <summary>The hosts file of every VM.</summary>
    public async Task<string> HostsFilesAsync()
    {
        IEnumerable<Task<ProcessResult>> files =
            Lab.Vms.Select(vm => LabFixture.RunOnVmAsync(vm, "ls -l --full-time /etc/hosts; cat /etc/hosts"));
        return string.Join('\n', (await Task.WhenAll(files)).Select(file => file.Text));
    }

    /// <summary>Name and resourceVersion of every object the example makes, as kubectl sees them.</summary>
    public async Task<string> ObjectsAsync()
    {
        List<string> seen = [];
        foreach ((bool mesh, string kinds) in Objects)
        {
            seen.Add((await Lab.KubectlAsync(
                [
                    "get", kinds, "-n", ns, "-o",
                    "jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.resourceVersion}{\"\\n\"}{end}",
                ],
                mesh)).Text);
        }

        return string.Join('\n', seen);
    }

    /// <summary>How the example connects.</summary>
    protected virtual string Connect => ConnectIn(ns);

    /// <summary>How to connect by kubeconfigs.</summary>
    protected string ConnectIn(string other) =>
        $"Connect-Mesh -Kubeconfig '{Lab.Kubeconfig}' -MeshKubeconfig '{Lab.MeshKubeconfig}' -Namespace {other}";

    private static Task<ProcessResult> InvokeAsync(string command) =>
        ProcessResult.RunAsync(
            Path.Combine(RepositoryFiles.Root, "src", "HybridMesh.Shell", "bin", "Debug", "net10.0", "HybridMesh.Shell"),
            ["-Command", command]);
}
