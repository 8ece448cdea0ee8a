using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>Bootstrap files made of istiod's own objects, over both APIs of a lab and over ASM's.</summary>
public sealed class SidecarConfigOnTheLabTests(ScenarioLab scenario) : IClassFixture<ScenarioLab>
{
    [Theory]
    [InlineData("New-VmSidecarConfig -ServiceName hello2-svc -Vm $vms")]
    [InlineData("$vms | New-VmSidecarConfig -ServiceName hello2-svc")]
    public void App_AndTheLabsVms_GetWhatIstiodHas(string script)
    {
        IReadOnlyList<VmSidecarConfig> configs = [.. scenario.Host.Expect(script).Select(item => (VmSidecarConfig)item.BaseObject)];

        Assert.Equal(["vm1", "vm2", "vm3"], configs.Select(config => config.VmName));
        Assert.All(configs, config =>
        {
            TokenFacts token = TokenFacts.Read(config.Find("istio-token")!.GetText())!;
            Assert.Equal(["istio-ca"], token.Audiences);
            Assert.Equal("system:serviceaccount:http-reciprocal-hello:default", token.Subject);
            Assert.Equal(token.Expires, config.TokenExpires);
            Assert.True(config.RootCertificateExpires > DateTimeOffset.UtcNow);
            ClusterEnvironment env = ClusterEnvironment.Read(config.Find("cluster.env")!.GetText());
            Assert.Empty(env.Problems);
            Assert.Equal(config.Vm!.Address, env["ISTIO_SVC_IP"]);
            Assert.Equal(config.Vm.Version, env.Env.Version);
            Assert.Equal("cluster.local", env["TRUST_DOMAIN"]);
            Assert.Equal("Kubernetes", env["ISTIO_META_CLUSTER_ID"]);
            Assert.Equal("hello-workload", env["CANONICAL_SERVICE"]);
            Assert.EndsWith(" istiod.istio-system.svc\n", config.Find("hosts")!.GetText());
            Assert.Contains("discoveryAddress: istiod.istio-system.svc:15012\n", config.Find("mesh.yaml")!.GetText());
        });
    }

    [Fact]
    public void Group_LiveAndConverging_IsTheTemplate()
    {
        const string New = "New-WorkloadGroup lab-group -Label @{ app = 'lab' } -Port http:8001 -Network n1";
        Assert.Equal("Created", $"{scenario.Host.Expect($"({New}).Action").Single()}");
        Assert.Equal("Unchanged", $"{scenario.Host.Expect($"({New}).Action").Single()}");

        VmSidecarConfig config = (VmSidecarConfig)scenario.Host.Expect("New-VmSidecarConfig -WorkloadGroup lab-group").Single().BaseObject;

        Assert.Equal(("lab-group", "n1", null), (config.WorkloadName, config.Network, config.VmName));
        Assert.Contains("ISTIO_INBOUND_PORTS='8001'\n", config.Find("cluster.env")!.GetText());
    }

    [Fact]
    public void Account_Missing_NamesTheCommandThatMakesIt()
    {
        ScriptRun run = scenario.Host.Run(
            "New-WorkloadGroup no-account -ServiceAccount nobody | New-VmSidecarConfig");

        Assert.Equal(["ObjectNotFound"], run.ErrorIds);
        Assert.Contains(
            "kubectl create serviceaccount nobody -n http-reciprocal-hello", run.Errors[0].Exception.Message, StringComparison.Ordinal);
    }
}
