using HybridMesh.Core;

namespace HybridMesh.Core.Tests;

public sealed class PathJudgeTests
{
    private const string Chain = "Hello eric(10.0.0.1)<-Bonjour eric(10.0.0.2)<-Hello eric(10.0.0.3)";
    private static readonly Uri Service = new("http://hello3-svc.hello.svc.cluster.local:8001/hello/svc");
    private static readonly ProbeReport Good = new() { Client = "curl", StatusCode = 200, Body = Chain, Addresses = ["10.9.0.3"] };

    [Fact]
    public void Judge_AnswerWithoutExpectation_Succeeds()
    {
        MeshPath path = Judge(Good);
        Assert.True(path.Success);
        Assert.Null(path.FailedStage);
        Assert.Null(path.Detail);
        Assert.Equal(["v1", "v2", "v1"], path.Hops.Select(hop => hop.Version));
    }

    [Fact]
    public void Judge_NameUnknown_FailsAtResolveNamingTheRecord()
    {
        MeshPath path = Judge(new ProbeReport { Client = "curl", FailedStage = PathStage.Resolve, Error = "Could not resolve host" });
        Assert.Equal(PathStage.Resolve, path.FailedStage);
        Assert.Contains("Add-VmHostRecord -ServiceName hello3-svc", path.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_HostsRecordOfAnotherAddress_FailsAtHostsShadowThoughItAnswers()
    {
        MeshPath path = Judge(Good with { HostsAddresses = ["10.9.0.99"] });
        Assert.Equal((PathStage.HostsShadow, 200), (path.FailedStage, path.StatusCode));
        Assert.Contains("10.9.0.99", path.Detail, StringComparison.Ordinal);
        Assert.Contains("10.9.0.3", path.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.9.0.3")]
    [InlineData("fd00::3")]
    public void Judge_HostsRecordOfTheClusterIPOrAnotherFamily_IsNoShadow(string address) =>
        Assert.True(Judge(Good with { HostsAddresses = [address] }).Success);

    [Theory]
    [InlineData(PathStage.Connect, "Get-VmApp")]
    [InlineData(PathStage.Tls, "TLS")]
    [InlineData(PathStage.Http, "no HTTP answer")]
    public void Judge_FailedStage_GivesItsRemedyAndTheClientsWords(object stage, string words)
    {
        MeshPath path = Judge(new ProbeReport { Client = "curl", FailedStage = (PathStage)stage, Error = "the cause" });
        Assert.Equal((PathStage)stage, path.FailedStage);
        Assert.Contains(words, path.Detail, StringComparison.Ordinal);
        Assert.Contains("the cause", path.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_NoHealthyUpstream_FailsAtHttpNamingTheLabels()
    {
        MeshPath path = Judge(Good with { StatusCode = 503, Body = "no healthy upstream" });
        Assert.Equal((PathStage.Http, 503), (path.FailedStage, path.StatusCode));
        Assert.Contains("Set-WorkloadEntryVersion", path.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v1,v2,v1", null, null)]
    [InlineData("v1,*,v1", null, null)]
    [InlineData("v?,v*,v1", null, null)]
    [InlineData("v1,v3,v1", PathStage.Version, 2)]
    [InlineData("v1,v2", PathStage.Chain, 3)]
    [InlineData("v2,v2", PathStage.Chain, 1)]
    [InlineData("v1,v2,v1,v1", PathStage.Chain, 4)]
    public void Judge_ExpectChain_TellsVersionFromChainAndTheHop(string expected, object? stage, int? hop)
    {
        MeshPath path = Judge(Good, expected.Split(','));
        Assert.Equal(((PathStage?)stage, hop), (path.FailedStage, path.FailedHop));
        Assert.Equal(expected.Split(','), path.ExpectedChain);
    }

    [Fact]
    public void Judge_FailureOfAnotherStage_IsOfNoHop() =>
        Assert.Null(Judge(Good with { StatusCode = 500 }, ["v9"]).FailedHop);

    [Fact]
    public void Judge_VersionNotSet_FailsAtVersionNamingTheRemedy()
    {
        MeshPath path = PathJudge.Judge("vm1", Service, Good, new PathExpectation(null, hop => hop, ["v1", "v2", "v1"]));
        Assert.Equal(PathStage.Version, path.FailedStage);
        Assert.Contains("Set-WorkloadEntryVersion", path.Detail, StringComparison.Ordinal);
    }

    private static MeshPath Judge(ProbeReport report, string[]? chain = null) =>
        PathJudge.Judge("vm1", Service, report, new PathExpectation("10.9.0.3", Describe, chain));

    private static MeshHop Describe(MeshHop hop) => hop with
    {
        Kind = hop.Address == "10.0.0.2" ? HopKind.Vm : HopKind.Pod,
        Version = hop.Address == "10.0.0.2" ? "v2" : "v1",
    };
}
