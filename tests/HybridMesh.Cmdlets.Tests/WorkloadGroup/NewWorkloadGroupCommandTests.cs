using System.Text.Json.Nodes;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class NewWorkloadGroupCommandTests : IDisposable
{
    private const string New = "New-WorkloadGroup shop -Label @{ app = 'shop'; bar = 'baz' } -Port grpc:3550,http:8080 "
        + "-ServiceAccount vm-account -Weight 100";

    private readonly FakeMesh _mesh = new();
    private readonly BootstrapFolder _folder = new();

    public NewWorkloadGroupCommandTests()
    {
        _mesh.ControlPlane.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "hello" } }""");
        _mesh.Host.With("dir", _folder.ToString());
    }

    public void Dispose()
    {
        _mesh.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Path_WritesTheManifestIstioctlPrints()
    {
        ScriptRun run = _mesh.Run($"{New} -Annotation @{{ note = 'true' }} -Namespace trade -Path $dir/group.yaml");

        Assert.Empty(run.Errors);
        WorkloadGroup group = Assert.Single(run.OutputAs<WorkloadGroup>());
        Assert.Equal((ChangeAction.Created, _folder.Full("group.yaml")), (group.Action!.Value, group.Path));
        Assert.Equal("""
            apiVersion: networking.istio.io/v1
            kind: WorkloadGroup
            metadata:
              name: shop
              namespace: trade
            spec:
              metadata:
                annotations:
                  note: "true"
                labels:
                  app: shop
                  bar: baz
              template:
                ports:
                  grpc: 3550
                  http: 8080
                serviceAccount: vm-account
                weight: 100

            """, File.ReadAllText(_folder.Full("group.yaml")));
    }

    [Fact]
    public void Path_WithNothingElse_WritesTheDefaults()
    {
        Assert.Empty(_mesh.Run("New-WorkloadGroup shop -Path $dir/group.yaml").Errors);

        Assert.EndsWith(
            "  namespace: hello\nspec:\n  metadata: {}\n  template:\n    serviceAccount: default\n",
            File.ReadAllText(_folder.Full("group.yaml")));
    }

    [Fact]
    public void Path_SecondRun_SaysUnchangedAndThenUpdated()
    {
        string[] actions = [.. new[] { New, New, $"{New} -Network n1" }
            .Select(script => $"{_mesh.Run($"({script} -Path $dir/group.yaml).Action").Output.Single()}")];

        Assert.Equal(["Created", "Unchanged", "Updated"], actions);
        Assert.Empty(Directory.GetFiles(_folder.ToString(), "*.tmp"));
    }

    [Fact]
    public void Live_AppliesOnTheControlPlane_AndConverges()
    {
        ScriptRun first = _mesh.Run(New);
        ScriptRun second = _mesh.Run(New);
        ScriptRun third = _mesh.Run($"{New} -Locality cn/b");

        Assert.Empty(first.Errors.Concat(second.Errors).Concat(third.Errors));
        Assert.Equal(
            [ChangeAction.Created, ChangeAction.Unchanged, ChangeAction.Updated],
            new[] { first, second, third }.Select(run => run.OutputAs<WorkloadGroup>().Single().Action!.Value));
        JsonObject stored = _mesh.ControlPlane.Peek(KubernetesKind.WorkloadGroup, "hello", "shop")!;
        Assert.Equal("vm-account", (string?)stored["spec"]!["template"]!["serviceAccount"]);
        Assert.Equal("cn/b", (string?)stored["spec"]!["template"]!["locality"]);
        Assert.Equal("hybridmesh", (string?)stored["metadata"]!["managedFields"]![0]!["manager"]);
        Assert.Equal(2, _mesh.ControlPlane.Writes.Count);
    }

    [Fact]
    public void WhatIf_ShowsTheDryRunAndWritesNothing()
    {
        ScriptRun live = _mesh.Run($"{New} -WhatIf");
        ScriptRun file = _mesh.Run($"{New} -Path $dir/group.yaml -WhatIf");

        Assert.Empty(live.Output.Concat(file.Output));
        Assert.Empty(_mesh.ControlPlane.Writes);
        Assert.False(File.Exists(_folder.Full("group.yaml")));
        Assert.Contains("WorkloadGroup hello/shop on the control plane", live.HostText, StringComparison.Ordinal);
        Assert.Contains("spec.template.ports.grpc: 3550", live.HostText, StringComparison.Ordinal);
    }

    // istioctl logs a line, writes port 0 and ends with 0 (trap 14).
    [Theory]
    [InlineData("-Port http:abc", "PortInvalid")]
    [InlineData("-Port http:80,grpc:80", "PortInvalid")]
    [InlineData("-Label @{ app = 'x.' }", "ArgumentInvalid")]
    [InlineData("-Label @{ app = 'x' * 64 }", "ArgumentInvalid")]
    [InlineData("-Namespace Hello", "ArgumentInvalid")]
    [InlineData("-ServiceAccount A_B", "ArgumentInvalid")]
    public void Input_ThatIsWrong_IsAnErrorAndNothingIsWritten(string parameters, string id)
    {
        ScriptRun run = _mesh.Run($"New-WorkloadGroup shop {parameters}");

        Assert.Equal([id], run.ErrorIds);
        Assert.Empty(_mesh.ControlPlane.Writes);
    }

    [Fact]
    public void SeveralPorts_OfOneProtocol_KeepTheirNumbersInTheNames()
    {
        Assert.Empty(_mesh.Run("New-WorkloadGroup shop -Port http:80,http:81 -Path $dir/group.yaml").Errors);

        Assert.Contains("    ports:\n      http-80: 80\n      http-81: 81\n", File.ReadAllText(_folder.Full("group.yaml")));
    }

    [Fact]
    public void Output_PipedOn_MakesSidecarFilesOfIt()
    {
        _folder.With("", "{}");

        ScriptRun run = _mesh.Run(
            $"{New} -Path $dir/group.yaml | New-VmSidecarConfig {BootstrapFolder.Offline} -IngressIP 10.0.0.9");

        Assert.Empty(run.Errors);
        Assert.Contains(
            "ISTIO_INBOUND_PORTS='3550,8080'\n",
            Assert.Single(run.OutputAs<VmSidecarConfig>()).Find("cluster.env")!.GetText());
    }

    [Fact]
    public void Stop_WhileTheServerIsSlow_EndsPromptly()
    {
        _mesh.ControlPlane.OnCall = (_, token) => Task.Delay(Timeout.Infinite, token);
        using RunningScript running = _mesh.Host.Start(New);
        running.WaitUntil(() => !_mesh.ControlPlane.Calls.IsEmpty, "a call");

        Assert.InRange(running.Stop(), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Null(_mesh.ControlPlane.Peek(KubernetesKind.WorkloadGroup, "hello", "shop"));
    }
}
