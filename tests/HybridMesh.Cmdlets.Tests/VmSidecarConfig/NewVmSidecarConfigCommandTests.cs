using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class NewVmSidecarConfigCommandTests : IDisposable
{
    private readonly SidecarMesh _mesh = new();

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void Vms_WithLiveGroup_GetFilesOfTheirOwn()
    {
        IReadOnlyList<VmSidecarConfig> configs = _mesh.Configs("$vms | New-VmSidecarConfig -WorkloadGroup group1");

        Assert.Equal(["vm1", "vm2"], configs.Select(config => config.VmName));
        Assert.Equal(["cluster.env", "mesh.yaml", "root-cert.pem", "istio-token", "hosts"], configs[0].Files.Select(file => file.Name));
        Assert.All(configs, config => Assert.Equal(
            ("group1", "shop-sa", "lab-cluster", "net1", "10.9.9.9"),
            (config.WorkloadName, config.ServiceAccount, config.ClusterId, config.Network, config.IngressIP)));
        string env = Text(configs[1], SidecarFileNames.ClusterEnv);
        Assert.Contains("CANONICAL_REVISION='v2'\n", env);
        Assert.Contains("""ISTIO_METAJSON_LABELS='{"app":"shop","service.istio.io/canonical-name":"shop",""", env);
        Assert.Contains("""version":"v2","zone":"b"}'""", env);
        Assert.Contains("ISTIO_SVC_IP='10.0.0.2'\n", env);
        Assert.Contains("ISTIO_INBOUND_PORTS='8080,7070'\n", env);
        Assert.Contains("""ISTIO_META_POD_PORTS='[{"name":"api","containerPort":7070,"protocol":""},{"name":"web",""", env);
        Assert.Contains("TRUST_DOMAIN='cluster.local'\n", env);
        Assert.Contains("ISTIO_META_MESH_ID='mesh1'\n", env);
        Assert.Equal("10.9.9.9 istiod.istio-system.svc\n", Text(configs[0], SidecarFileNames.Hosts));
        Assert.Equal("fake root\n", Text(configs[0], SidecarFileNames.RootCert));
        Assert.NotEqual(Text(configs[0], SidecarFileNames.Token), Text(configs[1], SidecarFileNames.Token));
        Assert.All(configs, config => Assert.InRange(
            config.TokenExpires!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(55), TimeSpan.FromMinutes(61)));
    }

    // Whoever is captured on his own SSH port is locked out (trap 10).
    [Fact]
    public void Vm_OnAnotherSshPort_KeepsThatPortFromCapture()
    {
        IReadOnlyList<VmSidecarConfig> configs = _mesh.Configs("$vms | New-VmSidecarConfig -WorkloadGroup group1");

        Assert.Contains("ISTIO_LOCAL_EXCLUDE_PORTS='22,15090,15021,15020'\n", Text(configs[0], SidecarFileNames.ClusterEnv));
        Assert.Contains("ISTIO_LOCAL_EXCLUDE_PORTS='22,15090,15021,15020,2222'\n", Text(configs[1], SidecarFileNames.ClusterEnv));
    }

    [Fact]
    public void App_OfNewMeshVmApp_StandsForTheGroupAndItsVms()
    {
        IReadOnlyList<VmSidecarConfig> configs = _mesh.Configs(
            "$vms | New-MeshVmApp hello2-svc http:8001,grpc:7001 -Label @{ app = 'hello-workload' } | New-VmSidecarConfig");

        Assert.Equal(["vm1", "vm2"], configs.Select(config => config.VmName));
        Assert.Equal(2222, configs[1].Vm!.SshPort);
        Assert.All(configs, config => Assert.Equal(("hello2-svc", "default"), (config.WorkloadName, config.ServiceAccount)));
        string env = Text(configs[0], SidecarFileNames.ClusterEnv);
        Assert.Contains("ISTIO_INBOUND_PORTS='8001,7001'\n", env);
        Assert.Contains("CANONICAL_SERVICE='hello-workload'\n", env);
        Assert.Contains("ISTIO_META_WORKLOAD_NAME='hello2-svc'\n", env);
    }

    [Fact]
    public void App_Live_GivesOneConfigPerEntry()
    {
        _mesh.Run("$vms | New-MeshVmApp hello2-svc http:8001");

        foreach (string script in new[] { "New-VmSidecarConfig -ServiceName hello2-svc", "Get-MeshVmApp | New-VmSidecarConfig" })
        {
            IReadOnlyList<VmSidecarConfig> configs = _mesh.Configs(script);

            Assert.Equal(["10.0.0.1", "10.0.0.2"], configs.Select(config => config.Address));
            Assert.Equal(["v1", "v2"], configs.Select(config => config.Version));
        }
    }

    [Fact]
    public void App_LiveWithVmsOfThePipeline_TakesThose()
    {
        _mesh.Run("$vms | New-MeshVmApp hello2-svc http:8001");

        Assert.Equal("vm2", Assert.Single(_mesh.Configs("$vms[1] | New-VmSidecarConfig -ServiceName hello2-svc")).VmName);
        Assert.Empty(_mesh.Configs("@() | New-VmSidecarConfig -ServiceName hello2-svc"));
    }

    [Fact]
    public void Vms_NamesTheirOwnAccountAndNetwork_WinOverTheGroup()
    {
        VmSidecarConfig config = Assert.Single(_mesh.Configs(
            "@{ Name = 'a'; Address = '10.0.0.9'; ServiceAccount = 'own'; Network = 'n2' } | New-VmSidecarConfig -WorkloadGroup group1"));

        Assert.Equal(("own", "n2"), (config.ServiceAccount, config.Network));
        Assert.Contains("SERVICE_ACCOUNT='own'\n", Text(config, SidecarFileNames.ClusterEnv));
        Assert.Contains("ISTIO_META_NETWORK='n2'\n", Text(config, SidecarFileNames.ClusterEnv));
        Assert.Contains("system:serviceaccount:hello:own", TokenFacts.Read(Text(config, SidecarFileNames.Token))!.Subject);
    }

    [Theory]
    [InlineData("-AutoRegister", "ISTIO_META_AUTO_REGISTER_GROUP='group1'")]
    [InlineData("-ExternalIP 203.0.113.7", "REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION='true'")]
    [InlineData("-ExternalIP 203.0.113.7", "ISTIO_SVC_IP='203.0.113.7'")]
    [InlineData("-ClusterId other", "ISTIO_META_CLUSTER_ID='other'")]
    public void Parameter_OfTheCommand_IsInTheFile(string parameters, string line)
    {
        VmSidecarConfig config = Assert.Single(_mesh.Configs($"New-VmSidecarConfig -WorkloadGroup group1 {parameters}"));

        Assert.Contains(line + "\n", Text(config, SidecarFileNames.ClusterEnv));
    }

    [Fact]
    public void CaptureDns_False_LeavesTheMeshsOwnValue()
    {
        Assert.DoesNotContain("DNS_CAPTURE", Text(Assert.Single(
            _mesh.Configs("New-VmSidecarConfig -WorkloadGroup group1 -CaptureDns $false")), SidecarFileNames.ClusterEnv));
    }

    [Fact]
    public void Revision_WithoutItsConfigMaps_NamesThemAndTheRemedy()
    {
        ScriptRun run = _mesh.Run("New-VmSidecarConfig -WorkloadGroup group1 -Revision canary");

        Assert.Equal(["ObjectNotFound"], run.ErrorIds);
        Assert.Contains("istio-system/istio-canary", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("-MeshConfigPath", run.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    // istioctl writes an empty hosts file and says nothing (trap 7).
    [Theory]
    [InlineData("""{ "spec": { "type": "LoadBalancer" } }""")]
    [InlineData("""{ "status": { "loadBalancer": {} }, "spec": { "externalIPs": [] } }""")]
    public void Gateway_WithoutAddress_IsAnErrorNamingTheParameter(string service)
    {
        _mesh.Gateway(service);

        ScriptRun run = _mesh.Run("New-VmSidecarConfig -WorkloadGroup group1");

        Assert.Equal(["GatewayAddressNotFound"], run.ErrorIds);
        Assert.Contains("-IngressIP", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, _mesh.Tokens);
    }

    [Fact]
    public void Gateway_OfAnotherName_IsLookedUpInItsNamespace()
    {
        _mesh.Gateway("""{ "spec": { "externalIPs": ["10.8.8.8"] } }""", "gate", "edge");

        Assert.Equal("10.8.8.8", Assert.Single(
            _mesh.Configs("New-VmSidecarConfig -WorkloadGroup group1 -IngressService gate.edge")).IngressIP);
        Assert.Equal(
            ["GatewayAddressNotFound"], _mesh.Run("New-VmSidecarConfig -WorkloadGroup group1 -IngressService gate").ErrorIds);
    }

    // A load balancer with a host name: trap 7 again.
    [Fact]
    public void Gateway_WithHostName_IsResolvedByAStableRule()
    {
        _mesh.Gateway("""{ "status": { "loadBalancer": { "ingress": [{ "hostname": "lb.example.com" }] } } }""");
        _mesh.Mesh.Runtime.ResolveHost = (_, _) => Task.FromResult<IPAddress[]>(
            [IPAddress.Parse("fd00::1"), IPAddress.Parse("10.5.0.20"), IPAddress.Parse("10.5.0.3")]);

        ScriptRun run = _mesh.Run("New-VmSidecarConfig -WorkloadGroup group1 -Verbose");

        Assert.Equal("10.5.0.3", Assert.Single(run.OutputAs<VmSidecarConfig>()).IngressIP);
        Assert.Contains(run.Verbose, text => text.Contains("10.5.0.3, 10.5.0.20, fd00::1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gateway_WithUnknownHostName_NamesHostAndParameter(bool answers)
    {
        _mesh.Gateway("""{ "status": { "loadBalancer": { "ingress": [{ "hostname": "lb.example.com" }] } } }""");
        _mesh.Mesh.Runtime.ResolveHost = (_, _) => answers
            ? Task.FromResult<IPAddress[]>([]) : throw new SocketException((int)SocketError.HostNotFound);

        ScriptRun run = _mesh.Run("New-VmSidecarConfig -WorkloadGroup group1");

        Assert.Equal(["GatewayAddressNotFound"], run.ErrorIds);
        Assert.Contains("lb.example.com", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("-IngressIP", run.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-InternalIP fe80::1", "link-local")]
    [InlineData("-InternalIP 169.254.1.1", "link-local")]
    [InlineData("-ExternalIP host.example", "-ExternalIP")]
    [InlineData("-IngressIP 10.1", "-IngressIP")]
    [InlineData("-InternalIP 10.0.0.1 -ExternalIP 10.0.0.2", "exclude each other")]
    public void Address_ThatCanNotWork_IsAnError(string parameters, string message)
    {
        ScriptRun run = _mesh.Run($"New-VmSidecarConfig -WorkloadGroup group1 {parameters}");

        Assert.Equal(["ArgumentInvalid"], run.ErrorIds);
        Assert.Contains(message, run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, _mesh.Tokens);
    }

    [Fact]
    public void Vms_OneBad_TheOthersGoOnAndItIsTheTarget()
    {
        ScriptRun run = _mesh.Run("""
            @($vms; @{ Name = 'bad'; Address = 'fe80::1' }; @{ Name = 'long'; Address = '10.0.0.4'; Labels = @{ a = 'x' * 64 } }) |
                New-VmSidecarConfig -WorkloadGroup group1
            """);

        Assert.Equal(["vm1", "vm2"], run.OutputAs<VmSidecarConfig>().Select(config => config.VmName));
        Assert.Equal(["ArgumentInvalid", "ArgumentInvalid"], run.ErrorIds);
        Assert.Equal(["bad", "long"], run.Errors.Select(error => Assert.IsType<MeshVm>(error.TargetObject).Name));
    }

    [Fact]
    public void Vms_SeveralWithOneAddress_IsAnError() =>
        Assert.Equal(["ArgumentInvalid"], _mesh.Run("$vms | New-VmSidecarConfig -WorkloadGroup group1 -InternalIP 10.0.0.1").ErrorIds);

    [Fact]
    public void ServiceAccount_Missing_NamesItAndTheCommand()
    {
        _mesh.Mesh.DataPlane.OnCreateToken = (_, account, _, _) =>
            throw new MeshException(MeshErrorCode.ObjectNotFound, "not found", account);

        ScriptRun run = _mesh.Run("$vms[0] | New-VmSidecarConfig -WorkloadGroup group1");

        Assert.Equal(["ObjectNotFound"], run.ErrorIds);
        Assert.Contains("kubectl create serviceaccount shop-sa -n hello", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal("vm1", Assert.IsType<MeshVm>(run.Errors[0].TargetObject).Name);
    }

    [Fact]
    public void Token_ShorterThanAskedFor_IsAWarning()
    {
        _mesh.Longest = TimeSpan.FromHours(1);

        ScriptRun run = _mesh.Run("New-VmSidecarConfig -WorkloadGroup group1 -TokenDuration 24h");

        Assert.Empty(run.Errors);
        Assert.Contains("not the 86400 s asked for", Assert.Single(run.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_AsksNoTokenAndWritesNothing()
    {
        ScriptRun run = _mesh.Run("$vms | New-VmSidecarConfig -WorkloadGroup group1 -OutputPath $dir/out -WhatIf");

        Assert.Empty(run.Output);
        Assert.Empty(run.Errors);
        Assert.Equal(0, _mesh.Tokens);
        Assert.False(Directory.Exists(_mesh.Folder.Output));
        Assert.Contains("issue a token for service account hello/shop-sa and write", run.HostText, StringComparison.Ordinal);
    }

    [Fact]
    public void Stop_WhileATokenIsAskedFor_EndsPromptly()
    {
        _mesh.Mesh.DataPlane.OnCall = (call, token) =>
            call.Kind == "TokenRequest" ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask;
        using RunningScript running = _mesh.Mesh.Host.Start($"{SidecarMesh.Vms} $vms | New-VmSidecarConfig -WorkloadGroup group1 -OutputPath $dir/out");
        running.WaitUntil(() => _mesh.Tokens > 0, "a TokenRequest");

        Assert.InRange(running.Stop(), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.False(Directory.Exists(_mesh.Folder.Output));
    }

    [Fact]
    public void ScriptBlock_ForAPlainParameter_IsRefused() => Assert.Contains(
        "script block", _mesh.Run("$vms | New-VmSidecarConfig -WorkloadGroup group1 -InternalIP { $_.Address }").Errors[0].Exception.Message,
        StringComparison.Ordinal);

    private static string Text(VmSidecarConfig config, string name) => config.Find(name)!.GetText();
}
