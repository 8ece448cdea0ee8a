using static HybridMesh.Core.Tests.MadeUpEvidence;

namespace HybridMesh.Core.Tests;

public sealed class SplitDiagnosisTests
{
    [Fact]
    public void Consistent_NamesNothing() =>
        Assert.Empty(
            SplitDiagnosis.Of(Of(600, 1200, 200) with { Mesh = Mesh([30, 60, 10], 1, 1, 1).WithPort("TCP", "tcp") }));

    [Fact]
    public void Undecided_WithNothingToSee_NamesNothing() => Assert.Empty(SplitDiagnosis.Of(Of(30, 60, 10)));

    [Fact]
    public void OddSplit_IsUnknownAndSaysWhatWasLookedAt()
    {
        TrafficDiagnosis found = Single(TrafficCause.Unknown, Of(800, 1000, 200));
        Assert.Contains(found.Evidence, text => text.Contains("v1 40 %", StringComparison.Ordinal));
        Assert.EndsWith("-NewConnection", found.Command, StringComparison.Ordinal);
    }

    [Fact]
    public void SharesOfEndpoints_AreWeightsNotInForce()
    {
        TrafficDiagnosis found = Single(TrafficCause.WeightsNotInForce, Of(340, 330, 330));
        Assert.Contains("33.33:33.33:33.33 of v1, v2, v3", found.Evidence[0], StringComparison.Ordinal);
        Assert.EndsWith(
            "-Expect @{ 'v1' = 33.3333; 'v2' = 33.3333; 'v3' = 33.3333 }", found.Command, StringComparison.Ordinal);
    }

    [Fact]
    public void SharesOfEndpoints_OtherHost_AreHostNotMatched()
    {
        MeshEvidence mesh = Mesh([30, 60, 10], 1, 1, 1) with { Hosts = ["hello2.example"] };
        TrafficDiagnosis found = Single(TrafficCause.HostNotMatched, Of(340, 330, 330) with { Mesh = mesh });
        Assert.Contains(
            """{"spec":{"hosts":["hello2.example","hello2-svc.hello.svc.cluster.local"]}}""", found.Command,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("*.hello.svc.cluster.local")]
    [InlineData("hello2-svc.hello.svc.cluster.local")]
    public void SharesOfEndpoints_HostThatCovers_IsNotHostNotMatched(string host) => Single(
        TrafficCause.WeightsNotInForce,
        Of(340, 330, 330) with { Mesh = Mesh([30, 60, 10], 1, 1, 1) with { Hosts = [host] } });

    [Fact]
    public void OtherHost_OddShares_IsNotClaimed() => Single(
        TrafficCause.Unknown,
        Of(800, 1000, 200) with { Mesh = Mesh([30, 60, 10], 1, 1, 1) with { Hosts = ["other"] } });

    [Fact]
    public void SharesOfEndpoints_OnlyAGateway_IsHostNotMatchedForRequestsFromInside()
    {
        MeshEvidence mesh = Mesh([30, 60, 10], 1, 1, 1) with { Gateways = ["hello-gateway"] };
        TrafficDiagnosis found = Single(TrafficCause.HostNotMatched, Of(340, 330, 330) with { Mesh = mesh });
        Assert.Contains("""["mesh","hello-gateway"]""", found.Command, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingButNotFound_FromAGatewayOfOtherHosts_IsHostNotMatched()
    {
        SplitEvidence evidence = Of(0, 0, 0) with
        {
            Requests = 50,
            Errors = new Dictionary<LoadError, int> { [LoadError.Http4xx] = 50 },
            Mesh = Mesh([30, 60, 10], 1, 1, 1) with { Hosts = ["shop.example"], Gateways = ["hello-gateway"] },
        };
        Assert.Contains(
            "Host = 'shop.example'", Single(TrafficCause.HostNotMatched, evidence).Command, StringComparison.Ordinal);
        Assert.Empty(SplitDiagnosis.Of(evidence with { HostHeader = "shop.example:8004" }));
    }

    [Theory]
    [InlineData("TCP", "http-8001")]
    [InlineData(null, "tco-80")]
    [InlineData("", "web")]
    public void SharesOfEndpoints_PortWithoutHttp_IsPortProtocol(string? protocol, string name)
    {
        TrafficDiagnosis found = Single(
            TrafficCause.PortProtocol,
            Of(340, 330, 330) with { Mesh = Mesh([30, 60, 10], 1, 1, 1).WithPort(protocol, name) });
        Assert.Contains("\"protocol\":\"HTTP\"", found.Command, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "http-8001")]
    [InlineData("GRPC", "x")]
    public void SharesOfEndpoints_PortOfHttp_IsNotPortProtocol(string? protocol, string name) => Single(
        TrafficCause.WeightsNotInForce,
        Of(340, 330, 330) with { Mesh = Mesh([30, 60, 10], 1, 1, 1).WithPort(protocol, name) });

    [Fact]
    public void EmptySubset_IsNamedWithTheShareOfErrors()
    {
        MeshEvidence mesh = Mesh([30, 60, 10], 1, 1);
        SplitEvidence evidence = Of(600, 1200) with
        {
            Requests = 2000,
            Unversioned = new Dictionary<LoadError, int> { [LoadError.Http5xx] = 200 },
            Mesh = mesh,
        };
        TrafficDiagnosis found = Single(TrafficCause.SubsetWithoutEndpoints, evidence);
        Assert.Contains("subset 'v3'", found.Message, StringComparison.Ordinal);
        Assert.Contains("fits the weight of 10 %", found.Evidence[0], StringComparison.Ordinal);
        Assert.Equal(
            "Get-WorkloadEntry -ServiceName hello2-svc -Namespace hello | Format-Table Name, Address, Version",
            found.Command);
    }

    [Fact]
    public void EmptySubset_OtherShareOfErrors_SaysThatItIsNotAll() => Assert.Contains(
        "not the only cause of errors",
        SplitDiagnosis.Of(Of(600, 1200) with
        {
            Requests = 2800,
            Unversioned = new Dictionary<LoadError, int> { [LoadError.Http5xx] = 1000 },
            Mesh = Mesh([30, 60, 10], 1, 1),
        })[0].Evidence[0],
        StringComparison.Ordinal);

    [Fact]
    public void ErrorsWithoutAnEmptySubset_AreNotASubsetWithoutEndpoints() => Single(
        TrafficCause.Unknown,
        Of(800, 1000, 200) with { Unversioned = new Dictionary<LoadError, int> { [LoadError.Http5xx] = 200 } });

    [Fact]
    public void SharesOfEndpointWeights_OneDestination_AreEndpointWeightSkew()
    {
        TrafficDiagnosis found =
            Single(TrafficCause.EndpointWeightSkew, Of(600, 100, 100) with { Mesh = OneArm(6, 1, 1) });
        Assert.Contains("hello2-svc-1 6", found.Message, StringComparison.Ordinal);
        Assert.Contains("patch workloadentry mesh-expansion-hello2-svc-1", found.Command, StringComparison.Ordinal);
    }

    [Fact]
    public void EqualEndpointWeights_OneDestination_AreNoSkew() => Single(
        TrafficCause.Unknown, Of(600, 100, 100) with { Mesh = OneArm(1, 1, 1) });

    [Fact]
    public void AnswersAsAnotherThanItsLabel_IsAnotherVersion()
    {
        SplitEvidence evidence = Of(600, 0, 1400) with
        {
            Origins = [From(1, "v1", 600), From(2, "v3", 1200), From(3, "v3", 200)],
        };
        TrafficDiagnosis found = Single(TrafficCause.AnotherVersion, evidence);
        Assert.Contains(
            "mesh-expansion-hello2-svc-2 (192.168.0.171) carries the label version=v2 but answers as v3", found.Message,
            StringComparison.Ordinal);
        Assert.Equal(
            "Get-WorkloadEntry -Namespace hello -Address 192.168.0.171 | Set-WorkloadEntryVersion -Version v3",
            found.Command);
    }

    [Fact]
    public void VersionOfWhichNothingIsExpected_IsAnotherVersion() => Assert.StartsWith(
        "Version v4 answers", Single(TrafficCause.AnotherVersion, Of(600, 1200, 190, 10)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void ChainThatEndsBeforeTheHost_IsNeverReached()
    {
        SplitEvidence evidence = Of(30, 60, 10);
        Assert.StartsWith(
            "70 requests",
            Single(
                TrafficCause.NeverReached,
                evidence with { Origins = [.. evidence.Origins, Short(70, isWhole: true)] }).Message,
            StringComparison.Ordinal);
        Assert.Empty(SplitDiagnosis.Of(evidence with { Origins = [.. evidence.Origins, Short(70, isWhole: false)] }));
    }

    private static OriginCount Short(int answers, bool isWhole) => new(
        new AnswerOrigin { HopsBefore = 1, Hops = 1, IsWhole = isWhole, Chain = $"Hello {Hello1}" }, null, answers);

    private static TrafficDiagnosis Single(TrafficCause cause, SplitEvidence evidence)
    {
        TrafficDiagnosis found = Assert.Single(SplitDiagnosis.Of(evidence));
        Assert.Equal(cause, found.Cause);
        Assert.NotEmpty(found.Evidence);
        return found;
    }
}
