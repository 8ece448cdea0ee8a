using System.Text.Json.Nodes;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class PublishMeshManifestCommandTests : IDisposable
{
    private readonly FakeMesh _mesh = new();
    private readonly ManifestFolder _folder = new();

    public PublishMeshManifestCommandTests() => _mesh.Host.With("folder", _folder.Path);

    public void Dispose()
    {
        _mesh.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Folder_GoesToThePlanesByApiGroup_NamespacesFirst()
    {
        _folder.With("b.yaml", ManifestFolder.Gateway).With("a.yml", ManifestFolder.Deployment, ManifestFolder.Namespace)
            .With("notes.txt", "{");

        ScriptRun run = Publish("Publish-MeshManifest $folder");

        Assert.Empty(run.Errors);
        Assert.Equal(
            [
                "Created Namespace hello Data", "Created Namespace hello Control", "Created Deployment hello/hello1 Data",
                "Created Gateway hello/hello-gateway Control",
            ],
            Told(run));
        Assert.NotNull(_mesh.ControlPlane.Peek(KubernetesKind.Gateway, "hello", "hello-gateway"));
    }

    [Fact]
    public void Twice_IsUnchangedAndWritesNothing()
    {
        _folder.With("a.yaml", ManifestFolder.Namespace, ManifestFolder.Deployment, ManifestFolder.Gateway);
        Publish("Publish-MeshManifest $folder");
        int writes = _mesh.DataPlane.Writes.Count + _mesh.ControlPlane.Writes.Count;

        ScriptRun run = Publish("Publish-MeshManifest $folder");

        Assert.All(run.OutputAs<MeshObject>(), item => Assert.Equal(ChangeAction.Unchanged, item.Action));
        Assert.Equal(writes, _mesh.DataPlane.Writes.Count + _mesh.ControlPlane.Writes.Count);
    }

    [Fact]
    public void WhatIf_ChangesNothingAndTellsEachDifference()
    {
        _folder.With("a.yaml", ManifestFolder.Deployment);
        Publish("Publish-MeshManifest $folder");
        int writes = _mesh.DataPlane.Writes.Count;
        _folder.With("a.yaml", ManifestFolder.Deployment.Replace("replicas: 1", "replicas: 3"), ManifestFolder.Gateway);

        ScriptRun run = Publish("Publish-MeshManifest $folder -WhatIf");

        Assert.Empty(run.Errors);
        Assert.Empty(run.Output);
        Assert.Contains("\"update spec.replicas: 1 -> 3\" on target \"Deployment hello/hello1 on the data plane\"", run.HostText);
        Assert.Contains("create with spec.selector.istio: \"ingressgateway\"", run.HostText);
        Assert.Equal(writes, _mesh.DataPlane.Writes.Count);
        Assert.Empty(_mesh.ControlPlane.Writes);
    }

    [Fact]
    public void UnservedKind_IsKnownBeforeTheFirstWrite()
    {
        _folder.With("a.yaml", ManifestFolder.Deployment, """
            apiVersion: istio.alibabacloud.com/v1beta1
            kind: IstioGateway
            metadata: { name: g, namespace: istio-system }
            """);

        ScriptRun run = Publish("Publish-MeshManifest $folder");

        Assert.Equal(["KindNotServed"], run.ErrorIds);
        Assert.Contains("IstioGateway.istio.alibabacloud.com", run.Errors[0].Exception.Message);
        Assert.Contains("control plane", run.Errors[0].Exception.Message);
        Assert.Equal(Path.Combine(_folder.Path, "a.yaml") + ":6", run.Errors[0].TargetObject);
        Assert.Empty(_mesh.DataPlane.Writes);
    }

    [Fact]
    public void BadDocumentInTheLastFile_WritesNothing()
    {
        _folder.With("a.yaml", ManifestFolder.Deployment).With("z.yaml", "kind: Service\nmetadata: { name: x }");

        ScriptRun run = Publish("Publish-MeshManifest $folder");

        Assert.Equal(["ManifestInvalid"], run.ErrorIds);
        Assert.Contains("z.yaml:1: apiVersion is missing", run.Errors[0].Exception.Message);
        Assert.Empty(_mesh.DataPlane.Writes);
    }

    [Fact]
    public void SameObjectTwice_NamesBothPlaces()
    {
        _folder.With("a.yaml", ManifestFolder.Deployment).With("b.yaml", ManifestFolder.Deployment);

        ScriptRun run = Publish("Publish-MeshManifest $folder");

        Assert.Equal(["ManifestInvalid"], run.ErrorIds);
        Assert.Contains("b.yaml:1", run.Errors[0].Exception.Message);
        Assert.Contains("a.yaml:1", run.Errors[0].Exception.Message);
    }

    [Fact]
    public async Task FieldOfAnother_IsConflictUnlessForce()
    {
        await _mesh.DataPlane.ApplyAsync(
            KubernetesKind.Deployment,
            JsonNode.Parse("""{ "metadata": { "name": "hello1", "namespace": "hello" }, "spec": { "replicas": 5 } }""")!.AsObject(),
            new ApplyOptions("autoscaler"), CancellationToken.None);
        _folder.With("a.yaml", ManifestFolder.Deployment);

        ScriptRun refused = Publish("Publish-MeshManifest $folder");
        ScriptRun forced = Publish("Publish-MeshManifest $folder -Force");

        Assert.Equal(["Conflict"], refused.ErrorIds);
        Assert.Contains("-Force", refused.Errors[0].Exception.Message);
        Assert.Contains("autoscaler", refused.Errors[0].Exception.Message);
        Assert.Equal(["Updated Deployment hello/hello1 Data"], Told(forced));
    }

    [Theory]
    [InlineData("Publish-MeshManifest $folder/none.yaml")]
    [InlineData("Publish-MeshManifest $folder")]
    [InlineData("Publish-MeshManifest $folder/*.yaml")]
    public void NothingThere_IsFileNotFound(string script)
    {
        Assert.Equal(["FileNotFound"], Publish(script).ErrorIds);
    }

    [Theory]
    [InlineData("Publish-MeshManifest $folder/a.yaml, $folder/b.yaml")]
    [InlineData("Publish-MeshManifest $folder/*.yaml")]
    [InlineData("\"$folder/a.yaml\", \"$folder/b.yaml\" | Publish-MeshManifest")]
    [InlineData("[pscustomobject]@{ Path = $folder } | Publish-MeshManifest -Namespace hello")]
    [InlineData("[IO.DirectoryInfo]$folder | Publish-MeshManifest")]
    public void Paths_BindInEveryForm(string script)
    {
        _folder.With("a.yaml", ManifestFolder.Deployment).With("b.yaml", ManifestFolder.Gateway);

        ScriptRun run = Publish(script);

        Assert.Empty(run.Errors);
        Assert.Equal(2, run.Output.Count);
    }

    [Fact]
    public void Namespace_IsOnlyTheDefault()
    {
        _folder.With("a.yaml", ManifestFolder.Deployment,
            ManifestFolder.Gateway.Replace("name: hello-gateway", "name: g, namespace: kept"));

        ScriptRun run = Publish("Publish-MeshManifest $folder -Namespace other");

        Assert.Equal(["other", "kept"], run.OutputAs<MeshObject>().Select(item => item.Namespace));
    }

    [Fact]
    public async Task Wait_ReadyLater_EndsWhenReady()
    {
        _folder.With("a.yaml", ManifestFolder.Deployment);
        using RunningScript running = _mesh.Host.Start("Publish-MeshManifest $folder -Wait");
        running.WaitUntil(() => _mesh.DataPlane.Calls.Any(call => call.Verb == "watch"), "the watch");

        await _mesh.DataPlane.MergePatchAsync(
            KubernetesKind.Deployment, "hello", "hello1",
            JsonNode.Parse("""{ "status": { "replicas": 1, "updatedReplicas": 1, "availableReplicas": 1 } }""")!.AsObject(),
            "controller", false, CancellationToken.None);

        Assert.Empty(running.Wait().Errors);
    }

    [Fact]
    public void Wait_NeverReady_NamesDeploymentAndReason()
    {
        _folder.With("a.yaml", ManifestFolder.Deployment);
        _mesh.DataPlane.Seed(KubernetesKind.Pod, """
            { "metadata": { "name": "hello1-x", "namespace": "hello", "labels": { "app": "hello1" } },
              "status": { "phase": "Pending", "containerStatuses": [{ "state": { "waiting": { "reason": "ImagePullBackOff" } } }] } }
            """);

        ScriptRun run = Publish("Publish-MeshManifest $folder -Wait -TimeoutSec 1");

        Assert.Equal(["TimedOut"], run.ErrorIds);
        Assert.StartsWith("Deployment hello/hello1 did not get ready within 1 s", run.Errors[0].Exception.Message);
        Assert.Contains("pod hello1-x: ImagePullBackOff", run.Errors[0].Exception.Message);
        Assert.IsType<MeshObject>(run.Errors[0].TargetObject);
    }

    [Fact]
    public void Stop_WhileWaiting_EndsWithinASecond()
    {
        _folder.With("a.yaml", ManifestFolder.Deployment);
        using RunningScript running = _mesh.Host.Start("Publish-MeshManifest $folder -Wait");
        running.WaitUntil(() => _mesh.DataPlane.Calls.Any(call => call.Verb == "watch"), "the watch");

        Assert.True(running.Stop() < RunningScript.StopLimit);
    }

    private ScriptRun Publish(string script) => _mesh.Run(script);

    private static IEnumerable<string> Told(ScriptRun run) =>
        run.OutputAs<MeshObject>().Select(item => $"{item.Action} {item} {item.Plane}");
}
