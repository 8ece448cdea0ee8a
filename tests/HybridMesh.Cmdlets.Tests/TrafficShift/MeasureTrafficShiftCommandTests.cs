using System.Management.Automation;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class MeasureTrafficShiftCommandTests : IDisposable
{
    private const string Entry = "http://127.21.0.1:8004/hello/eric";
    private readonly FakeMesh _mesh = new();
    private readonly FakeLoadGenerator _load = new() { OnRequest = i => new FakeAnswer(FakeScenario.Chain(VersionOf(i))) };

    public MeasureTrafficShiftCommandTests()
    {
        FakeScenario.Seed(_mesh.DataPlane, _mesh.ControlPlane);
        _mesh.Runtime.Load = _load;
    }

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void RoutesPipedIn_AreEachMeasured()
    {
        using ShiftMesh mesh = new();
        FakeLoadGenerator load = mesh.Load();
        load.OnRequest = i => new FakeAnswer(FakeScenario.Chain(ShiftMesh.VersionOf(i, mesh.Weights(load.Plans.Count - 1))));
        mesh.Edit(item => item["spec"]!["http"]![1]!.AsObject().Remove("name"));
        Assert.Equal(
            ["http-hello-route 30:60:10", " 90:5:5"],
            mesh.Expect<TrafficShiftResult>("Get-TrafficShift hello2-vs | Measure-TrafficShift -Uri http://127.21.0.1:8004/hello/eric")
                .Select(result => $"{result.Route} {string.Join(':', result.Versions.Select(row => row.Expected))}"));
    }

    [Fact]
    public void HundredRequests_FittingTheWeights_AreUndecidedAndSayHowManyItTakes()
    {
        TrafficShiftResult result = Measure("-VirtualService hello2-vs -Count 100");
        Assert.Equal(Verdict.Undecided, result.Verdict);
        Assert.Equal((100, 100, 1906), (result.Requests, result.Attributed, result.RequestsNeeded));
        Assert.Equal([("v1", 30.0, 30), ("v2", 60.0, 60), ("v3", 10.0, 10)], result.Versions.Select(row => (row.Version, row.Expected, row.Observed)));
        Assert.Equal(("hello2-vs", "http-hello-route", "hello"), (result.VirtualService, result.Route, result.Namespace));
        Assert.Empty(result.Errors);
    }

    [Fact]
    public void WithoutCount_SendsWhatTheVerdictNeeds()
    {
        TrafficShiftResult result = Measure("-VirtualService hello2-vs");
        Assert.Equal((Verdict.Consistent, 1906), (result.Verdict, result.Requests));
    }

    [Fact]
    public void AnotherSplitThanExpected_IsInconsistent() =>
        Assert.Equal(Verdict.Inconsistent, Measure("-VirtualService hello2-vs -Expect @{ v1 = 30; v2 = 20; v3 = 50 } -Count 500").Verdict);

    [Fact]
    public void UntilDecided_WithoutRouting_StopsAfterTensOfRequests()
    {
        _load.OnRequest = i => new FakeAnswer(FakeScenario.Chain(1 + (i % 3)));
        TrafficShiftResult result = Measure("-VirtualService hello2-vs -Count 5000 -UntilDecided");
        Assert.Equal(
            (Verdict.Inconsistent, StopReason.Decided, PValueMethod.Sequential),
            (result.Verdict, result.StoppedBy, result.PValueMethod));
        Assert.InRange(result.Requests, 10, 99);
        Assert.Equal(result.Requests, result.DecidedAt);
        Assert.InRange(result.SequentialP!.Value, 0, 0.0002);
        Assert.Contains($"as {result.DecidedAt} answers proved", result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void UntilDecided_FittingSplit_GoesOnToTheEnd()
    {
        TrafficShiftResult result = Measure("-VirtualService hello2-vs -UntilDecided");
        Assert.Equal((Verdict.Consistent, StopReason.Count), (result.Verdict, result.StoppedBy));
        Assert.Equal(result.RequestsNeeded, result.Requests);
        Assert.InRange(result.RequestsNeeded, 1907, 2000);
        Assert.Null(result.DecidedAt);
    }

    [Fact]
    public void WithoutUntilDecided_NoSequentialTestRuns()
    {
        _load.OnRequest = i => new FakeAnswer(FakeScenario.Chain(1 + (i % 3)));
        TrafficShiftResult result = Measure("-VirtualService hello2-vs -Count 500");
        Assert.Equal((500, StopReason.Count, null), (result.Requests, result.StoppedBy, result.SequentialP));
    }

    [Fact]
    public void VirtualServiceLeftOut_TakesTheOnlyOneThatSplits() =>
        Assert.Equal("hello2-vs", Measure("-Count 50").VirtualService);

    [Fact]
    public void Bye_ByPattern_TakesTheRouteOfThePath()
    {
        _load.OnRequest = i => new FakeAnswer(i % 20 == 0 ? "Bye byeAdióbaisBye bye(172.18.1.36)" : "Bye byeBye byeBye bye(172.18.1.36)");
        TrafficShiftResult result = Assert.Single(Expect(
            "Measure-TrafficShift http://127.21.0.1:8004/bye -VirtualService hello2-vs -Count 100 "
            + "-VersionPattern @{ v1 = '^Bye byeBye bye'; v2 = '^Bye byeAu revoir'; v3 = '^Bye byeAdióbais' }"));
        Assert.Equal("http-bye-route", result.Route);
        Assert.Equal([95, 0, 5], result.Versions.Select(row => row.Observed));
    }

    [Fact]
    public void Bye_WithoutPattern_FailsNamingTheRemedyAfterFewRequests()
    {
        _load.OnRequest = _ => new FakeAnswer("Bye byeBye byeBye bye(172.18.1.36)");
        ErrorRecord error = Fails("Measure-TrafficShift http://127.21.0.1:8004/bye -VirtualService hello2-vs");
        Assert.Equal("MeasurementFailed,HybridMesh.Cmdlets.MeasureTrafficShiftCommand", error.FullyQualifiedErrorId);
        Assert.Contains("-VersionPattern", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(new Uri("http://127.21.0.1:8004/bye"), error.TargetObject);
        Assert.InRange(_load.Requests, 1, 50);
    }

    [Fact]
    public void VersionHeader_DecidesTheVersionWithoutAMesh()
    {
        using CmdletHost host = CmdletHost.ForCmdlets(typeof(MeshCmdlet).Assembly);
        _load.OnRequest = i => new FakeAnswer("x", Header: i % 2 == 0 ? "blue" : "green");
        MeshRuntime.For(host.Runspace).Load = _load;
        TrafficShiftResult result = (TrafficShiftResult)host.Expect(
            $"Measure-TrafficShift {Entry} -Expect @{{ blue = 1; green = 1 }} -VersionHeader x-version -Count 40")[0].BaseObject;
        Assert.Equal([20, 20], result.Versions.Select(row => row.Observed));
        Assert.Equal("x-version", _load.Plans[0].CaptureHeader);
        Assert.Null(result.VirtualService);
    }

    [Fact]
    public void Failures_AreMadeUpForAndCountedByKind()
    {
        _load.OnRequest = i => i is 3 or 7
            ? new FakeAnswer("no healthy upstream", LoadError.Http5xx, 503)
            : new FakeAnswer(FakeScenario.Chain(VersionOf(i)));
        using RunningScript running = _mesh.Host.Start($"Measure-TrafficShift {Entry} -VirtualService hello2-vs -Count 100");
        ScriptRun run = running.Wait();
        TrafficShiftResult result = run.OutputAs<TrafficShiftResult>()[0];
        Assert.Equal((102, 100, 2), (result.Requests, result.Attributed, result.Errors["Http5xx"]));
        Assert.Contains("no healthy upstream", Assert.Single(run.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void ManyFailures_AreMadeUpForByNoMoreThanFivePercent()
    {
        _load.OnRequest = i => i % 2 == 0
            ? new FakeAnswer("no healthy upstream", LoadError.Http5xx, 503)
            : new FakeAnswer(FakeScenario.Chain(2));
        Assert.Equal(105, Measure("-VirtualService hello2-vs -Count 100").Requests);
    }

    [Fact]
    public void UnexpectedVersion_GetsARowAndIsInconsistent()
    {
        _mesh.ControlPlane.Seed(KubernetesKind.WorkloadEntry, """
            {"apiVersion":"networking.istio.io/v1beta1","kind":"WorkloadEntry","metadata":{"name":"stray","namespace":"hello"},
             "spec":{"address":"192.168.0.199","labels":{"app":"hello-workload","version":"v9"}}}
            """);
        _load.OnRequest = i => new FakeAnswer(i == 5 ? "Salve eric(192.168.0.199)" : FakeScenario.Chain(VersionOf(i)));
        TrafficShiftResult result = Measure("-VirtualService hello2-vs -Count 100");
        Assert.Equal(("v9", 0.0, 1), (result.Versions[^1].Version, result.Versions[^1].Expected, result.Versions[^1].Observed));
        Assert.Equal(Verdict.Inconsistent, result.Verdict);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TwoVersionsAtOneAddress_AreToldApartByOtherMeansOnly(bool subsets)
    {
        if (!subsets)
        {
            _mesh.ControlPlane.Seed(KubernetesKind.VirtualService, """
                {"apiVersion":"networking.istio.io/v1beta1","kind":"VirtualService","metadata":{"name":"all-vs","namespace":"hello"},
                 "spec":{"hosts":["hello2-svc"],"http":[{"route":[{"destination":{"host":"hello2-svc"}}]}]}}
                """);
        }

        string measure = subsets
            ? "-VirtualService hello2-vs -Count 100"
            : "-VirtualService all-vs -Count 100 -Expect @{ v1 = 30; v2 = 60; v3 = 10 }";
        _mesh.ControlPlane.Seed(KubernetesKind.WorkloadEntry, $$$"""
            {"apiVersion":"networking.istio.io/v1beta1","kind":"WorkloadEntry","metadata":{"name":"second","namespace":"hello"},
             "spec":{"address":"{{{FakeScenario.Vm(1)}}}","ports":{"http-8001":8002},
                     "labels":{"app":"hello-workload","version":"v2"} } }
            """);
        ErrorRecord error = Fails($"Measure-TrafficShift {Entry} {measure}");
        Assert.StartsWith("Ambiguous,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(FakeScenario.Vm(1), error.TargetObject);
        Assert.Contains("v1 and v2", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("-VersionPattern", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, _load.Requests);
        TrafficShiftResult result = Measure(
            $"{measure} -VersionPattern @{{ v1 = '<-Hello.*<-'; v2 = 'Bonjour'; v3 = 'Hola' }}");
        Assert.Equal([30, 60, 10], result.Versions.Select(row => row.Observed));
    }

    [Fact]
    public void VersionsNotSet_FailsSayingWhichSubsetsHaveNoEndpoint()
    {
        using FakeMesh bare = new();
        FakeScenario.Seed(bare.DataPlane, bare.ControlPlane, withVersions: false);
        _load.OnRequest = _ => new FakeAnswer("no healthy upstream", LoadError.Http5xx, 503);
        bare.Runtime.Load = _load;
        ScriptRun run = bare.Run($"Measure-TrafficShift {Entry} -VirtualService hello2-vs");
        Assert.Equal(["MeasurementFailed"], run.ErrorIds);
        Assert.Contains("Set-WorkloadEntryVersion", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("503", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal(3, run.Warnings.Count);
    }

    [Fact]
    public void UriLeftOut_RouteNamed_FindsTheEntry()
    {
        _mesh.Runtime.Add(new MeshSession(
            _mesh.Connection with { Id = Guid.NewGuid(), IngressAddress = "127.21.0.1" }, _mesh.DataPlane, _mesh.ControlPlane, asm: null));
        TrafficShiftResult result = Assert.Single(Expect("Measure-TrafficShift -VirtualService hello2-vs -Route http-hello-route -Count 10"));
        Assert.Equal(new Uri("http://127.21.0.1:8004/hello/hybridmesh"), result.Uri);
    }

    [Fact]
    public void UriLeftOut_SeveralEntries_IsEntryNotFoundListingThem()
    {
        _mesh.Runtime.Add(new MeshSession(
            _mesh.Connection with { Id = Guid.NewGuid(), IngressAddress = "127.21.0.1" }, _mesh.DataPlane, _mesh.ControlPlane, asm: null));
        ErrorRecord error = Fails("Measure-TrafficShift -VirtualService hello2-vs -Count 10");
        Assert.StartsWith("EntryNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("http://127.21.0.1:8004/hello/hybridmesh", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("http://127.21.0.1:8004/bye", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rate_NotKept_IsWarnedOfAndReported()
    {
        _load.OnReport = report => report with { AchievedRate = 81.5, Late = 30, Dropped = 7 };
        ScriptRun run = _mesh.Run($"Measure-TrafficShift {Entry} -VirtualService hello2-vs -Count 100 -Rate 200 -WarmUp 2s");
        TrafficShiftResult result = Assert.Single(run.OutputAs<TrafficShiftResult>());
        Assert.Equal((200.0, 81.5, 30L, 7L), (result.Rate, result.AchievedRate, result.Late, result.Dropped));
        Assert.Contains("200 requests/s was not kept: 81.5", Assert.Single(run.Warnings), StringComparison.Ordinal);
        Assert.Equal((200.0, TimeSpan.FromSeconds(2)), (_load.Plans[0].Rate, _load.Plans[0].WarmUp));
    }

    [Fact]
    public void Rate_Kept_IsNotWarnedOf()
    {
        _load.OnReport = report => report with { AchievedRate = 199 };
        Assert.Empty(_mesh.Run($"Measure-TrafficShift {Entry} -VirtualService hello2-vs -Count 100 -Rate 200").Warnings);
    }

    [Theory]
    [InlineData("", "HTTP/1.1", ConnectionMode.Kept)]
    [InlineData("-NewConnection", "HTTP/1.1", ConnectionMode.New)]
    [InlineData("-HttpVersion 2", "HTTP/2", ConnectionMode.Kept)]
    [InlineData("-HttpVersion 1.1 -NewConnection", "HTTP/1.1", ConnectionMode.New)]
    public void Connections_AreReported(string arguments, string protocol, ConnectionMode mode)
    {
        _load.OnReport = report => report with { ConnectionsOpened = 12, Retried = 1 };
        TrafficShiftResult result = Measure($"-VirtualService hello2-vs -Count 10 {arguments}");
        Assert.Equal((protocol, mode, 12L, 1L), (result.Protocol, result.ConnectionMode, result.ConnectionsOpened, result.Retried));
        LoadPlan plan = Assert.Single(_load.Plans);
        Assert.Equal((protocol == "HTTP/2" ? 2 : 1, mode == ConnectionMode.New), (plan.HttpVersion.Major, plan.NewConnection));
    }

    [Theory]
    [InlineData("@{ name = 'eric' }")]
    [InlineData("@{ 1 = 'eric' }")]
    public void Grpc_CallsTheMethodWithTheMessage(string message)
    {
        TrafficShiftResult result = Assert.Single(Expect(
            "Measure-TrafficShift grpc://127.21.0.1:7004/org.feuyeux.grpc.Greeter/SayHello -VirtualService hello2-vs "
            + $"-Route http-hello-route -Count 20 -Message {message}"));
        Assert.Equal("gRPC", result.Protocol);
        LoadPlan plan = Assert.Single(_load.Plans);
        Assert.Equal(new Uri("http://127.21.0.1:7004/org.feuyeux.grpc.Greeter/SayHello"), plan.Uri);
        Assert.Equal(2, plan.HttpVersion.Major);
        Assert.Equal([0x0a, 4, .. "eric"u8], plan.GrpcMessage!.Value.ToArray());
    }

    [Fact]
    public void Grpc_UnknownField_IsRefusedNamingTheRemedy()
    {
        ErrorRecord error = Fails(
            "Measure-TrafficShift grpc://127.21.0.1:7004/a.B/C -VirtualService hello2-vs -Message @{ who = 'eric' }");
        Assert.StartsWith("ArgumentInvalid,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("@{ 1 = 'eric' }", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, _load.Requests);
    }

    [Fact]
    public void EachVersion_HasItsLatencyAndErrorRate()
    {
        // The app itself fails, and its answer names its address; the mesh's failures name no version.
        _load.OnRequest = i => i switch
        {
            3 or 13 or 23 => new FakeAnswer(FakeScenario.Chain(3), LoadError.Http5xx, 500),
            5 => new FakeAnswer("no healthy upstream", LoadError.Http5xx, 503),
            _ => new FakeAnswer(FakeScenario.Chain(VersionOf(i))),
        };
        _load.OnReport = report => report with
        {
            Groups = new Dictionary<string, LatencySummary> { ["v2"] = new() { P99 = TimeSpan.FromMilliseconds(42) } },
        };
        TrafficShiftResult result = Measure("-VirtualService hello2-vs -Count 100");
        TrafficShare v3 = result.Versions.Single(row => row.Version == "v3");
        Assert.Equal((3, 100.0 * 3 / (3 + v3.Observed)), (v3.Errors, v3.ErrorRate));
        Assert.Equal(0, result.Versions[0].ErrorRate);
        Assert.Equal(4, result.Errors["Http5xx"]);
        Assert.Equal(42, result.Versions.Single(row => row.Version == "v2").Latency.P99.TotalMilliseconds);
    }

    [Fact]
    public void Parameters_ReachThePlan()
    {
        Measure("-VirtualService hello2-vs -Count 5 -Concurrency 3 -Header @{ Host = 'h.example' } -TimeoutSec 4");
        LoadPlan plan = Assert.Single(_load.Plans);
        Assert.Equal((3, TimeSpan.FromSeconds(4), "h.example"), (plan.Concurrency, plan.Timeout, plan.Headers["Host"]));
    }

    [Theory]
    [InlineData("60s", 60)]
    [InlineData("30", 30)]
    [InlineData("2m", 120)]
    [InlineData("'500ms'", 0.5)]
    [InlineData("00:00:07", 7)]
    public void Duration_IsSecondsOrText(string duration, double seconds)
    {
        Measure($"-VirtualService hello2-vs -Count 5 -Duration {duration}");
        Assert.Equal(TimeSpan.FromSeconds(seconds), _load.Plans[0].Duration);
    }

    [Fact]
    public void Stop_WhileMeasuring_EndsWithinASecond()
    {
        _load.BeforeAnswer = (i, token) => i < 10 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
        using RunningScript running = _mesh.Host.Start($"Measure-TrafficShift {Entry} -VirtualService hello2-vs");
        running.WaitUntil(() => _load.Requests == 10, "ten requests");
        Assert.InRange(running.Stop(), TimeSpan.Zero, RunningScript.StopLimit);
        Assert.Equal(PSInvocationState.Stopped, running.Wait().State);
    }

    [Fact]
    public void View_ShowsARowPerVersionAndTheVerdictAsASentence()
    {
        string text = _mesh.Host.Render($"Measure-TrafficShift {Entry} -VirtualService hello2-vs -Count 100");
        Assert.Contains("http://127.21.0.1:8004/hello/eric (VirtualService hello2-vs, route http-hello-route)", text, StringComparison.Ordinal);
        Assert.Contains("Version  Expected   Observed     Share  Interval (99.9 %)", text, StringComparison.Ordinal);
        Assert.Matches(@"v2 +60\.0 % +60 +60\.0 % +\d+\.\d - \d+\.\d % +#+\|", text);
        Assert.Contains("# share | expected", text, StringComparison.Ordinal);
        Assert.All(text, c => Assert.True(c < 128, $"'{c}' is not ASCII"));
        Assert.Contains("Undecided: 100 answers fit 30:60:10, but telling a shift of 5 points between two versions takes 1,906.", text, StringComparison.Ordinal);
        Assert.Contains("100 requests, 50 per second, no errors", text, StringComparison.Ordinal);
        Assert.Contains("Latency: p50 5, p90 6, p95 7, p99 8, max 9.5 ms", text, StringComparison.Ordinal);
    }

    // Ten requests in a row hold three of v1, six of v2 and one of v3.
    private static int VersionOf(int request) => (request % 10) switch { < 3 => 1, < 9 => 2, _ => 3 };

    private TrafficShiftResult Measure(string arguments) => Assert.Single(Expect($"Measure-TrafficShift {Entry} {arguments}"));

    private IEnumerable<TrafficShiftResult> Expect(string script) =>
        _mesh.Host.Expect(script).Select(item => (TrafficShiftResult)item.BaseObject);

    private ErrorRecord Fails(string script) => Assert.Single(_mesh.Run(script).Errors);
}
