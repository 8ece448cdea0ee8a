using System.Management.Automation;
using System.Text.Json.Nodes;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>Steps for requests with certain headers: blue and green.</summary>
public sealed class HeaderStepTests : IDisposable
{
    private const string Base = "http-hello-route";
    private const string ByHeader = "http-hello-route-hybridmesh-header";
    private const string Green = "@{ v2 = 100; Header = @{ 'X-Release' = 'green' } }";
    private const string Invoke =
        $"Invoke-TrafficShift hello2-vs {Base} -Uri http://127.21.0.1:8004/hello/eric";
    private readonly ShiftMesh _mesh = new();
    private readonly FakeLoadGenerator _load;
    private bool _passedOn = true;

    public HeaderStepTests()
    {
        _load = _mesh.Load();
        _load.OnRequest = i => new FakeAnswer(FakeScenario.Chain(ShiftMesh.VersionOf(i, InForce())));
    }

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void BlueGreen_TestsByHeaderThenMovesEverybody()
    {
        List<string> routes = [];
        _load.BeforeAnswer = (i, _) =>
        {
            if (i == 0 && _mesh.IsShifting)
            {
                routes.Add(string.Join(' ', Names().Append($"{string.Join('/', _mesh.WeightsOf(Base)!)}")));
            }

            return Task.CompletedTask;
        };
        IReadOnlyList<TrafficShiftStep> steps =
            _mesh.Expect<TrafficShiftStep>($"{Invoke} -Step {Green}, @{{ v2 = 100 }}");
        Assert.Equal([ShiftAction.Passed, ShiftAction.Completed], steps.Select(step => step.Action));
        Assert.Equal(["x-release=green", null], steps.Select(step => step.Header is null ? null : HeaderRoute.Text(step.Header)));
        Assert.All(steps, step => Assert.Equal([0, 100, 0], step.Weights.Select(row => row.Weight)));
        Assert.All(steps, step => Assert.Equal([30, 60, 10], step.PreviousWeights.Select(row => row.Weight)));
        Assert.Equal(
            [$"{ByHeader} {Base} http-bye-route 30/60/10", $"{Base} http-bye-route 0/100/0"], routes.Distinct());
        Assert.Equal([Base, "http-bye-route"], Names());
        Assert.Equal([0, 100, 0], _mesh.WeightsOf(Base));
        Assert.Null(_mesh.VirtualService["metadata"]!["annotations"]);
    }

    [Fact]
    public void HeaderStep_MeasuresThoseWithTheHeaderAndThoseWithout()
    {
        TrafficShiftStep step = Assert.Single(
            _mesh.Expect<TrafficShiftStep>($"{Invoke} -Step {Green} -Header @{{ Authorization = 'Bearer x' }}"));
        Assert.Equal(("v2", 100.0), (step.Measurement!.Versions.Single(row => row.Observed > 0).Version, step.Measurement.Versions.Max(row => row.Share)));
        Assert.Equal([30.0, 60.0, 10.0], step.MeasurementWithoutHeader!.Versions.Select(row => row.Expected));
        Assert.Equal((Verdict.Consistent, Verdict.Consistent), (step.Measurement.Verdict, step.MeasurementWithoutHeader.Verdict));
        Assert.Equal((ByHeader, Base), (step.Measurement.Route, step.MeasurementWithoutHeader.Route));
        Assert.All(_load.Plans, plan => Assert.Equal("Bearer x", plan.Headers["authorization"]));
        Assert.Equal(2, _load.Plans.Count(plan => !plan.Headers.ContainsKey("x-release")));
        Assert.StartsWith("With x-release=green: ", step.Reason, StringComparison.Ordinal);
        Assert.Contains(" Without: ", step.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void HeaderRoute_IsTheRouteItselfWithOneConditionMore()
    {
        _mesh.Edit(item => item["spec"]!["http"]![0]!["timeout"] = "3s");
        _mesh.Expect<TrafficShiftStep>($"{Invoke} -Step {Green}");
        Assert.Equal(
            """
            {"name":"http-hello-route-hybridmesh-header","match":[{"uri":{"prefix":"/hello"},"headers":{"x-release":{"exact":"green"}}}],"route":[{"destination":{"host":"hello2-svc","subset":"v1"},"weight":0},{"destination":{"host":"hello2-svc","subset":"v2"},"weight":100},{"destination":{"host":"hello2-svc","subset":"v3"},"weight":0}],"timeout":"3s"}
            """.Trim(),
            _mesh.VirtualService["spec"]!["http"]![0]!.ToJsonString());
    }

    [Fact]
    public void LastStepByHeader_StaysUntilTheNextShift()
    {
        _mesh.Expect<TrafficShiftStep>($"{Invoke} -Step {Green}");
        Assert.Equal([0, 100, 0], _mesh.WeightsOf(ByHeader));
        Assert.Equal([30, 60, 10], _mesh.WeightsOf(Base));
        Assert.Contains(
            "/hello*, x-release=green",
            _mesh.Expect<TrafficShift>("Get-TrafficShift hello2-vs").Select(route => route.Match));
        _mesh.Mesh.Host.Expect("Set-TrafficShift hello2-vs http-hello-route -Weight @{ v1 = 100; v2 = 0; v3 = 0 }");
        Assert.Equal([0, 100, 0], _mesh.WeightsOf(ByHeader));
        _mesh.Expect<TrafficShiftStep>($"{Invoke} -Step @{{ v2 = 100 }}");
        Assert.Equal([Base, "http-bye-route"], Names());
        Assert.Equal([0, 100, 0], _mesh.WeightsOf(Base));
    }

    [Fact]
    public void StepThatFails_RestoresTheHeaderRouteFromBefore()
    {
        _mesh.Expect<TrafficShiftStep>($"{Invoke} -Step {Green}");
        string before = _mesh.VirtualService["spec"]!.ToJsonString();
        Assert.Contains(
            "at most 1 ms",
            Assert.Single(_mesh.Mesh.Run($"{Invoke} -Step @{{ v3 = 100; Header = @{{ 'x-release' = 'red' }} }}, @{{ v3 = 100 }} -MaxP99 1ms").OutputAs<TrafficShiftStep>()).Reason,
            StringComparison.Ordinal);
        Assert.Equal(before, _mesh.VirtualService["spec"]!.ToJsonString());
        Assert.Equal(["ShiftRolledBack"], _mesh.Mesh.Run($"{Invoke} -Step @{{ v3 = 100 }} -MaxP99 1ms").ErrorIds);
        Assert.Equal(before, _mesh.VirtualService["spec"]!.ToJsonString());
    }

    [Fact]
    public void BadGreen_IsTakenBackBeforeAnybodyElseSeesIt()
    {
        HashSet<string> seen = [];
        _load.BeforeAnswer = (_, _) => { seen.Add(string.Join('/', _mesh.WeightsOf(Base)!)); return Task.CompletedTask; };
        ScriptRun run = _mesh.Mesh.Run($"{Invoke} -Step {Green}, @{{ v2 = 100 }} -MaxP99 1ms");
        TrafficShiftStep step = Assert.Single(run.OutputAs<TrafficShiftStep>());
        Assert.Equal(ShiftAction.RolledBack, step.Action);
        Assert.StartsWith("With x-release=green: 99 % of the answers of ", step.Reason, StringComparison.Ordinal);
        Assert.Equal(["ShiftRolledBack"], run.ErrorIds);
        Assert.Equal(["30/60/10"], seen);
        AssertRestored();
    }

    [Fact]
    public void GreenSlowerThanTheOthers_RollsBackByItsRatio()
    {
        _load.OnReport = report => report with
        {
            Groups = _load.Plans[^1].Headers.ContainsKey("x-release")
                ? new Dictionary<string, LatencySummary> { ["v2"] = P99(18) }
                : new Dictionary<string, LatencySummary> { ["v1"] = P99(10), ["v2"] = P99(4), ["v3"] = P99(9) },
        };
        TrafficShiftStep step = Assert.Single(
            _mesh.Mesh.Run($"{Invoke} -Step {Green} -MaxP99Ratio 1.5").OutputAs<TrafficShiftStep>());
        Assert.Contains("18 ms, 1.8 times the 10 ms of v1", step.Reason, StringComparison.Ordinal);
        AssertRestored();
    }

    [Fact]
    public void HeaderThatIsNotPassedOn_RollsBackAndSaysSo()
    {
        _passedOn = false;
        ScriptRun run = _mesh.Mesh.Run($"{Invoke} -Step {Green} -SettleTimeout 0.3s");
        TrafficShiftStep step = Assert.Single(run.OutputAs<TrafficShiftStep>());
        Assert.Equal((ShiftAction.RolledBack, Verdict.Inconsistent), (step.Action, step.Verdict));
        Assert.Contains("must pass x-release on", step.Reason, StringComparison.Ordinal);
        AssertRestored();
    }

    [Fact]
    public void GreenThatLeaksToOthers_RollsBackNamingThem()
    {
        _load.OnRequest = i => new FakeAnswer(FakeScenario.Chain(_mesh.WeightsOf(ByHeader) is null ? 1 : 2));
        _mesh.Mesh.Host.Expect("Set-TrafficShift hello2-vs http-hello-route -Weight @{ v1 = 100; v2 = 0; v3 = 0 }");
        TrafficShiftStep step = Assert.Single(_mesh.Mesh.Run($"{Invoke} -Step {Green}").OutputAs<TrafficShiftStep>());
        Assert.Equal((ShiftAction.RolledBack, Verdict.Inconsistent, null), (step.Action, step.Verdict, step.Measurement));
        Assert.StartsWith("Requests without x-release=green: ", step.Reason, StringComparison.Ordinal);
        Assert.Null(_mesh.WeightsOf(ByHeader));
        Assert.Equal([100, 0, 0], _mesh.WeightsOf(Base));
    }

    [Fact]
    public void SeveralHeaderSteps_MakeOneRoute()
    {
        List<string> seen = [];
        _load.BeforeAnswer = (_, _) =>
        {
            if (_mesh.IsShifting)
            {
                seen.Add($"{Names().Count}: {string.Join('/', _mesh.WeightsOf(ByHeader)!)}");
            }

            return Task.CompletedTask;
        };
        _mesh.Expect<TrafficShiftStep>(
            $"{Invoke} -Step @{{ v2 = 50; v1 = 50; v3 = 0; Header = @{{ a = '1' }} }}, @{{ v3 = 100; Header = @{{ a = '1'; b = '2' }} }}");
        Assert.Equal(["3: 50/50/0", "3: 0/0/100"], seen.Distinct());
        Assert.Equal(
            """{"a":{"exact":"1"},"b":{"exact":"2"}}""",
            _mesh.VirtualService["spec"]!["http"]![0]!["match"]![0]!["headers"]!.ToJsonString());
    }

    [Fact]
    public void CutOff_IsResumedOrUndone()
    {
        _mesh.CutOff(_load, $"{Invoke} -Step {Green}, @{{ v2 = 100 }}", step: 1);
        Assert.Equal([0, 100, 0], _mesh.WeightsOf(ByHeader));
        ScriptRun run = _mesh.Mesh.Run("Undo-TrafficShift hello2-vs -WhatIf");
        Assert.Contains("v1 30, v2 60, v3 10 (with x-release=green: v1 0, v2 100, v3 0) -> v1 30, v2 60, v3 10", run.HostText, StringComparison.Ordinal);
        Assert.Equal(
            [(1, ShiftAction.Passed), (2, ShiftAction.Completed)],
            _mesh.Expect<TrafficShiftStep>("Resume-TrafficShift hello2-vs -Uri http://127.21.0.1:8004/hello/eric").Select(step => (step.Step, step.Action)));
        Assert.Equal([Base, "http-bye-route"], Names());
        Assert.Equal([0, 100, 0], _mesh.WeightsOf(Base));
    }

    [Fact]
    public void CutOff_Undo_TakesTheHeaderRouteAway()
    {
        _mesh.CutOff(_load, $"{Invoke} -Step {Green}, @{{ v2 = 100 }}", step: 1);
        TrafficShift shift = Assert.Single(_mesh.Expect<TrafficShift>("Undo-TrafficShift hello2-vs"));
        Assert.Equal((ChangeAction.Updated, null), (shift.Action, shift.PreviousWeights));
        AssertRestored();
    }

    [Fact]
    public void ForeignEditOfTheWeights_LeavesTheirsAndTakesTheHeaderRouteAway()
    {
        EditOnce(item => item["spec"]!["http"]![1]!["route"]![0]!["weight"] = 77);
        Assert.Equal(["ShiftOvertaken"], _mesh.Mesh.Run($"{Invoke} -Step {Green}, @{{ v2 = 100 }}").ErrorIds);
        Assert.Equal([77, 60, 10], _mesh.WeightsOf(Base));
        Assert.Equal([Base, "http-bye-route"], Names());
        Assert.Null(TrafficShiftMarker.Find(_mesh.VirtualService));
    }

    [Fact]
    public void ForeignEditOfTheHeaderRoute_IsOvertaken()
    {
        EditOnce(item => item["spec"]!["http"]![0]!["route"]![0]!["weight"] = 7);
        Assert.Equal(["ShiftOvertaken"], _mesh.Mesh.Run($"{Invoke} -Step {Green}, @{{ v2 = 100 }} -SettleTimeout 0.3s").ErrorIds);
        Assert.Equal([7, 100, 0], _mesh.WeightsOf(ByHeader));
        Assert.Equal([30, 60, 10], _mesh.WeightsOf(Base));
    }

    [Fact]
    public void Stop_WhileMeasuring_TakesTheHeaderRouteAway()
    {
        _load.BeforeAnswer = (i, token) => i < 10 || !_mesh.IsShifting ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
        using RunningScript running = _mesh.Mesh.Host.Start($"{Invoke} -Step {Green}, @{{ v2 = 100 }}");
        running.WaitUntil(() => _load.Requests == 15, "ten requests after the first five");
        Assert.InRange(running.Stop(), TimeSpan.Zero, RunningScript.StopLimit);
        Assert.True(SpinWait.SpinUntil(() => TrafficShiftMarker.Find(_mesh.VirtualService) is null, TimeSpan.FromSeconds(20)));
        AssertRestored();
    }

    [Fact]
    public void WhatIf_ShowsWhomEachStepIsFor()
    {
        ScriptRun run = _mesh.Mesh.Run($"{Invoke} -Step {Green}, @{{ v2 = 100 }} -WhatIf");
        Assert.Contains(
            "in 2 steps: v1 30, v2 60, v3 10 -> v1 30, v2 60, v3 10 (with x-release=green: v1 0, v2 100, v3 0) -> v1 0, v2 100, v3 0",
            run.HostText, StringComparison.Ordinal);
        Assert.Empty(_mesh.Control.Writes);
    }

    [Fact]
    public void View_ShowsWhomAStepIsFor() => Assert.Matches(
        @"1 of 1 +Completed +Consistent +0 % +8 ms +x-release=green: v2 100 %",
        _mesh.Mesh.Host.Render($"{Invoke} -Step {Green}"));

    [Theory]
    [InlineData("@{ v2 = 100; Header = @{} }", "names no header")]
    [InlineData("@{ v2 = 100; Header = 'x-release: green' }", "'Header' is a text; write Header = @{ 'x-release' = 'green' }")]
    [InlineData("@{ v2 = 100; header = $null }", "'header' is nothing; write Header = @{ 'x-release' = 'green' }")]
    [InlineData("@{ v2 = 100; Header = 'a', 'b' }", "'Header' is a list; write Header = @{ 'x-release' = 'green' }")]
    [InlineData("@{ v2 = 100; Headers = @{ a = 'x' } }", "'Headers' is a table; write Header = @{ 'x-release' = 'green' }")]
    [InlineData("@{ v2 = @{ a = 'x' }; Header = @{ a = 'x' } }", "'v2' is a table; write Header = @{ 'x-release' = 'green' }")]
    [InlineData("@{ v2 = 'many'; Header = @{ a = 'x' } }", "'v2' is 'many', which is no number")]
    [InlineData("@{ v2 = 100; Header = @{ 'a b' = 'x' } }", "'a b'")]
    [InlineData("@{ v2 = 100; Header = @{ Host = 'x' } }", "'Host'")]
    [InlineData("@{ v2 = 100; Header = @{ a = '' } }", "must be a text on one line")]
    [InlineData("@{ v2 = 100; Header = @{ a = \"x`r`nb: c\" } }", "must be a text on one line")]
    [InlineData("@{ v2 = 100; Header = @{ a = $null } }", "'a' must be a text")]
    [InlineData("@{ v2 = 100; Header = @{ a = 'x' } } -Header @{ A = 'y' }", "-Header sends a with every request")]
    [InlineData("@{ Header = @{ a = 'x' } }", "names no version")]
    [InlineData("@{ v9 = 100; Header = @{ a = 'x' } }", "there are v1, v2, v3")]
    public void WrongHeaders_AreRefusedBeforeAnythingIsWritten(string step, string message)
    {
        Assert.Contains(message, _mesh.Fails($"{Invoke} -Step {step}").Exception.Message, StringComparison.Ordinal);
        Assert.Empty(_mesh.Control.Writes);
    }

    [Theory]
    [InlineData("headers")]
    [InlineData("withoutHeaders")]
    public void HeaderTheRouteMatchesItself_IsRefused(string field)
    {
        _mesh.Edit(item => item["spec"]!["http"]![0]!["match"]![0]![field] = new JsonObject { ["x-release"] = new JsonObject { ["exact"] = "blue" } });
        int writes = _mesh.Control.Writes.Count;
        ErrorRecord error = _mesh.Fails($"{Invoke} -Step {Green}");
        Assert.Contains("x-release", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("take another header", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(writes, _mesh.Control.Writes.Count);
    }

    [Fact]
    public void RouteWithoutAName_IsRefusedNamingTheField()
    {
        _mesh.Edit(item => item["spec"]!["http"]![0]!.AsObject().Remove("name"));
        ErrorRecord error = _mesh.Fails($"Invoke-TrafficShift hello2-vs 0 -Uri http://127.21.0.1:8004/hello/eric -Step {Green}");
        Assert.Contains("spec.http[0].name", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RouteWithoutConditions_GetsOneForTheHeader()
    {
        _mesh.Edit(item => item["spec"]!["http"]![0]!.AsObject().Remove("match"));
        _mesh.Expect<TrafficShiftStep>($"{Invoke} -Step {Green}");
        Assert.Equal(
            """[{"headers":{"x-release":{"exact":"green"}}}]""",
            _mesh.VirtualService["spec"]!["http"]![0]!["match"]!.ToJsonString());
    }

    [Fact]
    public void VersionCalledHeader_IsOneWhenItsShareIsANumber() => Assert.Contains(
        "no subset", _mesh.Fails($"{Invoke} -Step @{{ Header = 5 }}").Exception.Message, StringComparison.Ordinal);

    // What a proxy does with the request that is under way.
    private IReadOnlyList<int> InForce()
    {
        JsonNode? asked = _mesh.VirtualService["spec"]!["http"]![0]!["match"]?[0]?["headers"];
        bool taken = _passedOn && asked is JsonObject headers && headers.All(pair =>
            _load.Plans[^1].Headers.GetValueOrDefault(pair.Key) == (string?)pair.Value!["exact"]);
        return (taken ? _mesh.WeightsOf(ByHeader) : null) ?? _mesh.WeightsOf(Base)!;
    }

    private List<string> Names() =>
        [.. _mesh.VirtualService["spec"]!["http"]!.AsArray().Select(item => (string)item!["name"]!)];

    private void EditOnce(Action<JsonObject> edit)
    {
        bool edited = false;
        _load.BeforeAnswer = (_, _) =>
        {
            if (!edited && _mesh.IsShifting)
            {
                edited = true;
                _mesh.Edit(edit);
            }

            return Task.CompletedTask;
        };
    }

    private static LatencySummary P99(double milliseconds) => new() { P99 = TimeSpan.FromMilliseconds(milliseconds) };

    private void AssertRestored()
    {
        Assert.Equal([Base, "http-bye-route"], Names());
        Assert.Equal([30, 60, 10], _mesh.WeightsOf(Base));
        Assert.Null(TrafficShiftMarker.Find(_mesh.VirtualService));
    }
}
