using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class GetMeshConnectionCommandTests : IDisposable
{
    private readonly FakeMesh _mesh = new();

    public void Dispose() => _mesh.Dispose();

    [Theory]
    [InlineData("""{ "ip": "10.0.0.9" }""", "10.0.0.9")]
    [InlineData("""{ "hostname": "lb.example.com" }""", "lb.example.com")]
    public void IngressAddress_IsTheLoadBalancers(string ingress, string address)
    {
        SeedGateway("istio-ingressgateway", $$"""{ "loadBalancer": { "ingress": [{{ingress}}] } }""");

        MeshConnection connection = Get();

        Assert.Equal((address, "80 8004"), (connection.IngressAddress, string.Join(' ', connection.IngressPorts)));
    }

    [Fact]
    public void GatewayOfAnotherName_IsFoundByItsLabel()
    {
        SeedGateway("my-gateway", """{ "loadBalancer": { "ingress": [{ "ip": "10.0.0.9" }] } }""");

        Assert.Equal("10.0.0.9", Get().IngressAddress);
    }

    [Fact]
    public async Task NoLoadBalancerYet_IsNullWithTheReasonAndReadAnewLater()
    {
        SeedGateway("istio-ingressgateway", "{}");
        MeshConnection before = Get();
        await _mesh.DataPlane.ApplyAsync(
            KubernetesKind.Service,
            System.Text.Json.Nodes.JsonNode.Parse("""
                { "metadata": { "name": "istio-ingressgateway", "namespace": "istio-system" }, "spec": { "externalIPs": ["10.0.0.7"] } }
                """)!.AsObject(),
            new ApplyOptions("a"), CancellationToken.None);

        Assert.Null(before.IngressAddress);
        Assert.Contains("no load balancer address yet", before.IngressDetail);
        Assert.Equal(("10.0.0.7", before.Id), (Get().IngressAddress, Get().Id));
    }

    [Fact]
    public void NoRightToReadIstioSystem_IsNoErrorButTheReason()
    {
        _mesh.DataPlane.OnCall = (_, _) => throw new MeshException(MeshErrorCode.Forbidden, "may not get services");

        Assert.Equal("may not get services", Get().IngressDetail);
    }

    [Fact]
    public void Disconnected_IsNotConnected()
    {
        ScriptRun run = _mesh.Run("Disconnect-Mesh; Get-MeshConnection");

        Assert.Equal(["NotConnected"], run.ErrorIds);
        Assert.True(_mesh.DataPlane.IsDisposed && _mesh.ControlPlane.IsDisposed);
    }

    [Fact]
    public void Stop_WhileReading_EndsWithinASecond()
    {
        _mesh.DataPlane.OnCall = (_, token) => Task.Delay(Timeout.Infinite, token);
        using RunningScript running = _mesh.Host.Start("Get-MeshConnection");
        running.WaitUntil(() => !_mesh.DataPlane.Calls.IsEmpty, "the server was asked");

        Assert.True(running.Stop() < RunningScript.StopLimit);
    }

    [Fact]
    public void View_ShowsPlanesAndIngress()
    {
        SeedGateway("istio-ingressgateway", """{ "loadBalancer": { "ingress": [{ "ip": "10.0.0.9" }] } }""");

        string text = _mesh.Host.Render("Get-MeshConnection");

        Assert.Contains("https://data.invalid/", text);
        Assert.Contains("10.0.0.9", text);
    }

    private MeshConnection Get() => Assert.Single(_mesh.Run("Get-MeshConnection").OutputAs<MeshConnection>());

    private void SeedGateway(string name, string status) => _mesh.DataPlane.Seed(KubernetesKind.Service, $$"""
        { "metadata": { "name": "{{name}}", "namespace": "istio-system", "labels": { "istio": "ingressgateway" } },
          "spec": { "ports": [{ "port": 80 }, { "port": 8004 }] }, "status": {{status}} }
        """);
}
