using HybridMesh.Testing;

namespace HybridMesh.Module.Tests;

/// <summary>A lab on which examples/http-reciprocal/run.ps1 was run once by the shell, as the demo does.</summary>
public sealed class ExampleRun : IAsyncLifetime
{
    private const string Namespace = "http-reciprocal-hello";

    /// <summary>The kinds the example makes, each with its plane.</summary>
    private static readonly (bool Mesh, string Kinds)[] Objects =
    [
        (false, "namespaces,services,deployments.apps"),
        (true, "namespaces,serviceentries,workloadentries,gateways,virtualservices,destinationrules"),
    ];

    /// <summary>The lab.</summary>
    public LabFixture Lab { get; private set; } = null!;

    /// <summary>What the first run printed and how it ended.</summary>
    public ProcessResult First { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Lab = await LabFixture.StartAsync();
        First = await RunAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Lab.DisposeAsync();

    /// <summary>Runs the example on the lab, or another one that builds on it.</summary>
    public Task<ProcessResult> RunAsync(string more = "", string example = "http-reciprocal")
    {
        string script = Path.Combine(RepositoryFiles.Root, "examples", example, "run.ps1");
        return InvokeAsync($"& '{script}' -VmPath '{Lab.Facts.VmPath}' -Connect {{ {Connect} }} {more}; exit $LASTEXITCODE");
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
                    "get", kinds, "-n", Namespace, "-o",
                    "jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.resourceVersion}{\"\\n\"}{end}",
                ],
                mesh)).Text);
        }

        return string.Join('\n', seen);
    }

    private string Connect =>
        $"Connect-Mesh -Kubeconfig '{Lab.Kubeconfig}' -MeshKubeconfig '{Lab.MeshKubeconfig}' -Namespace {Namespace}";

    private static Task<ProcessResult> InvokeAsync(string command) =>
        ProcessResult.RunAsync(
            Path.Combine(RepositoryFiles.Root, "src", "HybridMesh.Shell", "bin", "Debug", "net10.0", "HybridMesh.Shell"),
            ["-Command", command]);
}
