using static HybridMesh.Core.Tests.MadeUpEvidence;

namespace HybridMesh.Core.Tests;

public sealed class SplitFitTests
{
    [Fact]
    public void ExpectOtherThanTheRoute_IsExpectedOtherwise()
    {
        MeshEvidence mesh = Mesh([1, 1], 1, 1);
        SplitEvidence evidence = Of(500, 500) with { Mesh = mesh, Expect = " -Expect @{ 'v1' = 90; 'v2' = 10 }", };
        TrafficDiagnosis found = Single(TrafficCause.ExpectedOtherwise, evidence);
        Assert.Contains("are 50:50 of v1, v2, and that is what arrives", found.Message, StringComparison.Ordinal);
        Assert.Equal("Get-TrafficShift hello2-vs -Namespace hello", found.Command);
    }

    [Fact]
    public void RouteThatTakesTheRequestsInstead_IsAnotherRoute()
    {
        MeshEvidence mesh = Mesh([30, 60, 10], 1, 1, 1) with { OtherRoutes = [("bye", Shares(90, 5, 5))] };
        TrafficDiagnosis found =
            Single(TrafficCause.AnotherRoute, Of(900, 45, 55) with { Mesh = mesh, Route = "hello" });
        Assert.StartsWith(
            "Route 'bye' of VirtualService hello2-vs seems to take these requests, and not 'hello'.", found.Message,
            StringComparison.Ordinal);
        Assert.Contains("The first route takes a request", found.Evidence[1], StringComparison.Ordinal);
    }

    // A route for a header, and an app on the way that does not pass the header on.
    [Fact]
    public void HeaderThatAnAppDropsOnTheWay_IsAnotherRoute()
    {
        MeshEvidence mesh = Mesh([0, 100], 1, 1) with
        {
            OtherRoutes = [("default", Shares(100))],
            MatchHeaders = ["x-version"],
        };
        SplitEvidence evidence = Of(300) with
        {
            Mesh = mesh,
            Expected = SplitExpectation.FromWeights([new("v2", 100)]),
            Verdict = Verdict.Inconsistent,
        };
        TrafficDiagnosis found = Single(TrafficCause.AnotherRoute, evidence);
        Assert.Contains(
            "asks for x-version: the app before the measured host has to pass that on", found.Evidence[1],
            StringComparison.Ordinal);
    }

    [Fact]
    public void RouteWithTheSharesOfEndpoints_CannotBeToldFromThem()
    {
        MeshEvidence mesh = Mesh([30, 60, 10], 1, 1, 1) with { OtherRoutes = [("even", Shares(1, 1, 1))] };
        TrafficDiagnosis found = Single(TrafficCause.AnotherRoute, Of(340, 330, 330) with { Mesh = mesh });
        Assert.Contains(
            found.Evidence,
            text => text.StartsWith(
                "These answers can't tell it from an equal share per endpoint", StringComparison.Ordinal));
    }

    // Half of the time all to one version, then to another: together that looks like equal shares.
    [Fact]
    public void SharesThatChangedMeanwhile_AreNotThoseOfEndpoints() => Single(
        TrafficCause.Unknown,
        Of(340, 330, 330) with { Whole = Runs([new string('1', 340) + new string('2', 330) + new string('3', 330)]) });

    [Fact]
    public void FewAnswers_SayHowLittleTheyTell()
    {
        TrafficDiagnosis found = Single(TrafficCause.WeightsNotInForce, Of(16, 15, 17));
        Assert.Matches("so few answers tell shares to 2[0-9] points only", found.Evidence[0]);
        Assert.DoesNotContain(
            "so few", Single(TrafficCause.WeightsNotInForce, Of(340, 330, 330)).Evidence[0], StringComparison.Ordinal);
    }

    // 26:15:7 is not rejected as equal shares (p = 0.004), but hardly speaks for them.
    [Fact]
    public void FewAnswersThatDoNotSpeakForIt_AreUnknown() => Single(TrafficCause.Unknown, Of(26, 15, 7));

    [Fact]
    public void WeightsOfEndpoints_SeveralDestinations_AreOneCause()
    {
        TrafficDiagnosis found = Single(
            TrafficCause.WeightsNotInForce, Of(600, 100, 100) with { Mesh = Mesh([30, 60, 10], 6, 1, 1) });
        Assert.Contains("the endpoints' own weights", found.Message, StringComparison.Ordinal);
    }

    // Blue/green at 100:0, and a VirtualService that is not in force: one cause, not two.
    [Fact]
    public void VersionOfWeightZeroAmongTheEndpoints_IsNoCauseOfItsOwn() => Single(
        TrafficCause.WeightsNotInForce,
        Of(260, 240) with
        {
            Mesh = Mesh([100, 0], 1, 1),
            Expected = SplitExpectation.FromWeights([new("v1", 100), new("v2", 0)]),
            Verdict = Verdict.Inconsistent,
        });

    [Fact]
    public void PortWithoutHttpBesideOneOfHttp_IsOnlyMentioned()
    {
        MeshEvidence mesh = Mesh([30, 60, 10], 1, 1, 1);
        HostPort other = Mesh([1], 1).WithPort("TCP", "tcp-admin").Arms[0].Ports[0] with { Number = 9000 };
        TrafficDiagnosis found = Single(TrafficCause.WeightsNotInForce, Of(340, 330, 330) with
        {
            Mesh = mesh with { Arms = [.. mesh.Arms.Select(arm => arm with { Ports = [.. arm.Ports, other] })] },
        });
        Assert.Contains(
            found.Evidence, text => text.StartsWith("Port 9000 ('tcp-admin') is not HTTP", StringComparison.Ordinal));
    }

    [Fact]
    public void EntryThatTheUrlDoesNotTell_IsNotHeldAgainstGateways()
    {
        MeshEvidence mesh = Mesh([30, 60, 10], 1, 1, 1) with { FromIngress = null, Gateways = ["hello-gateway"] };
        SplitEvidence evidence = Of(340, 330, 330) with { Mesh = mesh };
        Single(TrafficCause.HostNotMatched, evidence);
        TrafficDiagnosis found = Single(TrafficCause.WeightsNotInForce, evidence with
        {
            Origins = [From(1, "v1", 340, behind: false), From(2, "v2", 330, behind: false)],
        });
        Assert.Contains(
            found.Evidence, text => text.StartsWith("Where requests enter the mesh", StringComparison.Ordinal));
    }

    [Fact]
    public void UrlOfAnEndpoint_PassesEveryRouteBy()
    {
        SplitEvidence evidence = Of(0, 500, 0) with
        {
            Uri = new Uri($"http://{Vm(2)}:8001/hello/eric"),
            Origins = [From(2, "v2", 500, behind: false)],
        };
        Assert.Contains(
            "go straight to mesh-expansion-hello2-svc-2 (192.168.0.171)",
            Single(TrafficCause.HostNotMatched, evidence).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ErrorsFarFewerThanTheWeight_AreNotTheFirstCause()
    {
        SplitEvidence evidence = Of(510, 490) with
        {
            Requests = 1003,
            Unversioned = new Dictionary<LoadError, int> { [LoadError.Http5xx] = 3 },
            Mesh = Mesh([30, 60, 10], 1, 1),
        };
        IReadOnlyList<TrafficDiagnosis> found = SplitDiagnosis.Of(evidence);
        Assert.Equal(
            [TrafficCause.WeightsNotInForce, TrafficCause.SubsetWithoutEndpoints], found.Select(item => item.Cause));
        Assert.Contains("fewer than the weight", found[1].Evidence[0], StringComparison.Ordinal);
    }

    [Fact]
    public void ErrorsOfApps_AreNotThoseOfAnEmptySubset() => Assert.DoesNotContain(
        SplitDiagnosis.Of(Of(300, 600) with
        {
            Requests = 1000,
            Errors = new Dictionary<LoadError, int> { [LoadError.Http5xx] = 100 },
            Mesh = Mesh([30, 60, 10], 1, 1),
        }),
        item => item.Cause == TrafficCause.SubsetWithoutEndpoints);

    [Fact]
    public void AnswersAsAnotherThanItsLabelNowAndThen_AreNotTheShareOfTheLabel()
    {
        SplitEvidence evidence = Of(600, 1190, 210) with
        {
            Verdict = Verdict.Inconsistent,
            Origins =
                [From(1, "v1", 600), From(2, "v2", 1190), From(2, "v3", 6), From(2, "v3", 4, hop: "172.18.0.231")],
        };
        TrafficDiagnosis found = Single(TrafficCause.AnotherVersion, evidence);
        Assert.Contains("answers as v3 now and then", found.Message, StringComparison.Ordinal);
        Assert.StartsWith("10 of its 1,200 answers", found.Evidence[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Set-WorkloadEntryVersion", found.Command, StringComparison.Ordinal);
    }

    // How often a split that is wrong for another reason, any as likely as any other, is called that of the endpoints.
    [Theory]
    [InlineData(48, 0.19)]
    [InlineData(200, 0.08)]
    public void OtherWrongSplits_AreSeldomCalledThoseOfEndpoints(int answers, double most)
    {
        (int wrong, int blamed) = Blamed(answers, random =>
        {
            double[] parts = [.. Enumerable.Range(0, 3).Select(_ => -Math.Log(1 - random.NextDouble()))];
            return [.. parts.Select(part => part / parts.Sum())];
        });
        Assert.InRange(blamed, 0, most * wrong);
    }

    [Theory]
    [InlineData(48, 0.90)]
    [InlineData(200, 0.96)]
    public void SplitsOfEndpoints_AreMostlyNamed(int answers, double least)
    {
        (int wrong, int named) = Blamed(answers, _ => [1.0 / 3, 1.0 / 3, 1.0 / 3]);
        Assert.InRange(named, least * wrong, wrong);
    }

    private static (int Wrong, int Blamed) Blamed(int answers, Func<Random, double[]> shares)
    {
        Random random = new(9);
        SplitEvidence made = Of(340, 330, 330);
        (int wrong, int blamed) = (0, 0);
        while (wrong < 400)
        {
            int[] counts = Draws.Multinomial(random, answers, shares(random));
            if (SplitTest.PValue(counts, made.Expected.Shares).PValue < made.Alpha)
            {
                SplitEvidence evidence = made with
                {
                    Observed = counts.Index().ToDictionary(item => $"v{item.Index + 1}", item => item.Item),
                };
                wrong++;
                blamed += SplitFits.Best(evidence, SplitFits.Of(evidence)) is null ? 0 : 1;
            }
        }

        return (wrong, blamed);
    }

    private static SplitExpectation Shares(params double[] weights) =>
        SplitExpectation.FromWeights(weights.Select((weight, i) => KeyValuePair.Create($"v{i + 1}", weight)));

    private static TrafficDiagnosis Single(TrafficCause cause, SplitEvidence evidence)
    {
        TrafficDiagnosis found = Assert.Single(SplitDiagnosis.Of(evidence));
        Assert.Equal(cause, found.Cause);
        return found;
    }
}
