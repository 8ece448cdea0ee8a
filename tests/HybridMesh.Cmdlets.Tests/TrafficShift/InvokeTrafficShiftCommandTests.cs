using System.Management.Automation;
using System.Text.Json.Nodes;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class InvokeTrafficShiftCommandTests : IDisposable
{
    private const string Uri = "-Uri http://127.21.0.1:8004/hello/eric";
    private const string Invoke = $"Invoke-TrafficShift hello2-vs http-hello-route {Uri}";
    private readonly ShiftMesh _mesh = new();
    private readonly FakeLoadGenerator _load;

    public InvokeTrafficShiftCommandTests() => _load = _mesh.Load();

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void Steps_ThatHold_EndWithTheLastOnesWeightsAndNoMarker()
    {
        IReadOnlyList<TrafficShiftStep> steps = _mesh.Expect<TrafficShiftStep>($"{Invoke} -Step @{{ v2 = 5 }}, @{{ v2 = 25 }}, @{{ v2 = 100 }}");
        Assert.Equal([(1, 3, ShiftAction.Passed), (2, 3, ShiftAction.Passed), (3, 3, ShiftAction.Completed)], steps.Select(step => (step.Step, step.Steps, step.Action)));
        Assert.Equal(["71 5 24", "56 25 19", "0 100 0"], steps.Select(step => string.Join(' ', step.Weights.Select(row => row.Weight))));
        Assert.All(steps, step => Assert.Equal((Verdict.Consistent, 0.0), (step.Verdict, step.ErrorPercent)));
        Assert.Equal([0, 100, 0, 90, 5, 5], _mesh.Weights().Concat(_mesh.Weights(1)));
        Assert.Null(_mesh.VirtualService["metadata"]!["annotations"]);
    }

    [Fact]
    public void Marker_IsWrittenWithTheWeightsAndHoldsNoHeaders()
    {
        List<JsonObject> seen = [];
        _load.BeforeAnswer = (i, _) => { if (i == 0 && _mesh.IsShifting) { seen.Add(_mesh.VirtualService); } return Task.CompletedTask; };
        _mesh.Expect<TrafficShiftStep>($"{Invoke} -Step @{{ v2 = 5 }}, @{{ v2 = 25 }} -Header @{{ Authorization = 'Bearer secret' }} -MaxP99 200ms");
        Assert.Equal([(1, 5), (2, 25)], seen.Select(item => (TrafficShiftMarker.Find(item)!.Step, (int)item["spec"]!["http"]![0]!["route"]![1]!["weight"]!)).Distinct());
        TrafficShiftMarker marker = TrafficShiftMarker.Find(seen[0])!;
        Assert.Equal(["v1 30", "v2 60", "v3 10"], marker.Original.Select(item => $"{item}"));
        Assert.Equal(TimeSpan.FromMilliseconds(200), marker.Check.Limits.MaxP99);
        Assert.Contains('@', marker.Who);
        Assert.DoesNotContain("secret", seen[0].ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("Bearer secret", _load.Plans[^1].Headers["Authorization"]);
    }

    [Fact]
    public void Errors_AboveTheLimit_RollBackAndSayWhy()
    {
        Answer((i, version) => version == 2 && _mesh.Weights()[1] == 25 && i % 8 == 0 ? new FakeAnswer("boom", LoadError.Http5xx, 500) : null);
        ScriptRun run = _mesh.Mesh.Run($"{Invoke} -Step @{{ v2 = 5 }}, @{{ v2 = 25 }}, @{{ v2 = 100 }} -MaxErrorRate 1%");
        IReadOnlyList<TrafficShiftStep> steps = run.OutputAs<TrafficShiftStep>();
        Assert.Equal([ShiftAction.Passed, ShiftAction.RolledBack], steps.Select(step => step.Action));
        Assert.Contains("at most 1 % may", steps[1].Reason, StringComparison.Ordinal);
        ErrorRecord error = Assert.Single(run.Errors);
        Assert.Equal("ShiftRolledBack,HybridMesh.Cmdlets.InvokeTrafficShiftCommand", error.FullyQualifiedErrorId);
        Assert.Equal("hello2-vs", error.TargetObject);
        Assert.Contains("v1 30, v2 60, v3 10", error.Exception.Message, StringComparison.Ordinal);
        AssertRestored();
    }

    [Fact]
    public void NothingAnswers_RollsBackWithTheFailure()
    {
        Answer((_, _) => _mesh.Weights()[1] == 5 ? new FakeAnswer("no healthy upstream", LoadError.Http5xx, 503) : null);
        ScriptRun run = _mesh.Mesh.Run($"{Invoke} -Step @{{ v2 = 5 }}");
        Assert.Equal(ShiftAction.RolledBack, Assert.Single(run.OutputAs<TrafficShiftStep>()).Action);
        Assert.Contains("no healthy upstream", Assert.Single(run.Errors).Exception.Message, StringComparison.Ordinal);
        AssertRestored();
    }

    [Theory]
    [InlineData("no healthy upstream", LoadError.Http5xx, "Http5xx")]
    [InlineData("", LoadError.Connect, "Get-MeshConnection shows the ingress address")]
    [InlineData("Bye!", LoadError.None, "can't be attributed")]
    public void UriThatDoesNotLeadToTheRoute_IsFoundBeforeAnythingIsWritten(string body, LoadError error, string told)
    {
        _load.OnRequest = _ => new FakeAnswer(body, error, error == LoadError.None ? 200 : 503);
        ErrorRecord record = _mesh.Fails($"{Invoke} -Step @{{ v2 = 5 }}");
        Assert.StartsWith("MeasurementFailed,", record.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(told, record.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("No weight was changed.", record.Exception.Message, StringComparison.Ordinal);
        Assert.Empty(_mesh.Control.Writes);
    }

    [Fact]
    public void VersionThatAnswersNothing_IsLeftByForce()
    {
        _load.OnRequest = i => _mesh.Weights()[1] == 100
            ? new FakeAnswer(FakeScenario.Chain(2)) : new FakeAnswer("gone", LoadError.Http5xx, 503);
        Assert.Equal(ShiftAction.Completed, Assert.Single(_mesh.Expect<TrafficShiftStep>($"{Invoke} -Step @{{ v2 = 100 }} -Force")).Action);
    }

    [Fact]
    public void WeightsIgnored_RollsBackAfterWaitingForThem()
    {
        _load.OnRequest = i => new FakeAnswer(FakeScenario.Chain((i % 3) + 1));
        ScriptRun run = _mesh.Mesh.Run($"{Invoke} -Step @{{ v2 = 5 }} -SettleTimeout 0.3s");
        TrafficShiftStep step = Assert.Single(run.OutputAs<TrafficShiftStep>());
        Assert.Equal((ShiftAction.RolledBack, Verdict.Inconsistent), (step.Action, step.Verdict));
        Assert.Contains("not seen in force within 0.3 s", step.Reason, StringComparison.Ordinal);
        AssertRestored();
    }

    [Fact]
    public void WeightsThatComeLate_AreWaitedFor()
    {
        int runs = 0;
        _load.BeforeAnswer = (i, _) => { runs += i == 0 ? 1 : 0; return Task.CompletedTask; };
        _load.OnRequest = i => new FakeAnswer(FakeScenario.Chain(ShiftMesh.VersionOf(i, runs < 3 ? [30, 60, 10] : _mesh.Weights())));
        Assert.Equal(ShiftAction.Completed, Assert.Single(_mesh.Expect<TrafficShiftStep>($"{Invoke} -Step @{{ v2 = 5 }}")).Action);
        Assert.Equal(4, runs);
    }

    [Theory]
    [InlineData("-MaxP99 5ms", "at most 5 ms")]
    [InlineData("-MaxP99 '0.005s'", "at most 5 ms")]
    public void SlowAnswers_RollBack(string limit, string reason)
    {
        ScriptRun run = _mesh.Mesh.Run($"{Invoke} -Step @{{ v2 = 5 }} {limit}");
        Assert.Contains(reason, Assert.Single(run.OutputAs<TrafficShiftStep>()).Reason, StringComparison.Ordinal);
        Assert.Equal(["ShiftRolledBack"], run.ErrorIds);
        AssertRestored();
    }

    [Fact]
    public void P99_IsThatOfTheVersionOverTheLimit()
    {
        _load.OnReport = report => report with
        {
            Groups = new Dictionary<string, LatencySummary> { ["v1"] = P99(40), ["v2"] = P99(18), ["v3"] = P99(9) },
        };
        TrafficShiftStep step = Assert.Single(
            _mesh.Mesh.Run($"{Invoke} -Step @{{ v2 = 70 }} -MaxP99 20ms").OutputAs<TrafficShiftStep>());
        Assert.Equal(TimeSpan.FromMilliseconds(40), step.P99);
        Assert.Contains("of v1 took up to 40 ms", step.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SmallVersionThatFailsOften_IsFoundThoughAllTogetherHardlyFail()
    {
        Answer((i, version) => version == 2 && i % 10 == 0 ? new FakeAnswer(FakeScenario.Chain(2), LoadError.Http5xx, 500) : null);
        TrafficShiftStep step = Assert.Single(_mesh.Mesh.Run($"{Invoke} -Step @{{ v2 = 5 }}, @{{ v2 = 100 }}").OutputAs<TrafficShiftStep>());
        Assert.InRange(step.ErrorPercent!.Value, 0.1, 0.99);
        Assert.Contains("v2 failed ", step.Reason, StringComparison.Ordinal);
        AssertRestored();
    }

    [Fact]
    public void VersionSlowerThanTheOthers_RollsBackByItsRatio()
    {
        _load.OnReport = report => report with { Groups = new Dictionary<string, LatencySummary> { ["v1"] = P99(10), ["v2"] = P99(18), ["v3"] = P99(9) } };
        TrafficShiftStep step = Assert.Single(_mesh.Mesh.Run($"{Invoke} -Step @{{ v2 = 70 }}, @{{ v2 = 100 }} -MaxP99Ratio 1.5").OutputAs<TrafficShiftStep>());
        Assert.Equal(TimeSpan.FromMilliseconds(18), step.P99);
        Assert.Contains("18 ms, 1.8 times the 10 ms of v1; at most 1.5 times", step.Reason, StringComparison.Ordinal);
        AssertRestored();
    }

    [Fact]
    public void VersionSlowerThanTheOthersWereBeforeTheLastStep_RollsBack()
    {
        _load.OnReport = report => report with
        {
            Groups = _mesh.Weights()[1] == 100
                ? new Dictionary<string, LatencySummary> { ["v2"] = P99(18) }
                : new Dictionary<string, LatencySummary> { ["v1"] = P99(10), ["v2"] = P99(11), ["v3"] = P99(9) },
        };
        IReadOnlyList<TrafficShiftStep> steps = _mesh.Mesh.Run($"{Invoke} -Step @{{ v2 = 70 }}, @{{ v2 = 100 }} -MaxP99Ratio 1.5").OutputAs<TrafficShiftStep>();
        Assert.Equal([ShiftAction.Passed, ShiftAction.RolledBack], steps.Select(item => item.Action));
        AssertRestored();
    }

    [Theory]
    [InlineData("-MaxErrorRate 1% -MaxP99 200ms -MaxP99Ratio 1.5")]
    [InlineData("-MaxErrorRate 0.01 -MaxP99 ([TimeSpan]::FromSeconds(0.2))")]
    [InlineData("-MaxErrorRate '0.5 %' -MaxP99 0.2")]
    public void Limits_BindAsTyped(string limits) =>
        Assert.Equal(ShiftAction.Completed, Assert.Single(_mesh.Expect<TrafficShiftStep>($"{Invoke} -Step @{{ v2 = 5 }} {limits}")).Action);

    [Theory]
    [InlineData("-Step @{ v2 = 5 } -MaxErrorRate 1", "ParameterArgumentTransformationError", "1%")]
    [InlineData("-Step @{ v2 = 5 } -MaxErrorRate much", "ParameterArgumentTransformationError", "'much'")]
    [InlineData("-Step @{ v2 = 5 } -MaxP99 200", "ArgumentInvalid", "200ms")]
    [InlineData("-Step @{ v2 = 5 } -MaxP99Ratio 0", "ArgumentInvalid", "1.5")]
    [InlineData("-Step @{ v2 = 5 }, @{ v9 = 5 }", "ObjectNotFound", "there are v1, v2, v3")]
    [InlineData("-Step @{ v2 = 105 }", "ArgumentInvalid", "105 %")]
    [InlineData("-Step @{}", "ArgumentInvalid", "names no version")]
    [InlineData("-Step @{ v2 = 5 } -Count 0", "ParameterArgumentValidationError", "Count")]
    public void WrongInput_IsRefusedBeforeAnythingIsWritten(string arguments, string id, string message)
    {
        ErrorRecord error = _mesh.Fails($"{Invoke} {arguments}");
        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
        Assert.Empty(_mesh.Control.Writes);
    }

    [Fact]
    public void UriThatCantBeFound_IsSaidBeforeAnythingIsWritten()
    {
        Assert.StartsWith("EntryNotFound,", _mesh.Fails("Invoke-TrafficShift hello2-vs http-hello-route -Step @{ v2 = 5 }").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(_mesh.Control.Writes);
    }

    [Fact]
    public void SmallShares_AreNotRoundedToNothing()
    {
        TrafficShiftStep step = Assert.Single(_mesh.Expect<TrafficShiftStep>($"{Invoke} -Step @{{ v2 = 99 }} -Count 200"));
        Assert.Equal([8, 990, 2], step.Weights.Select(row => row.Weight));
    }

    [Fact]
    public void NewVersion_IsAddedAndGoesAgainWhenRolledBack()
    {
        JsonObject rule = _mesh.Control.Peek(KubernetesKind.DestinationRule, "hello", "hello2-dr")!;
        rule["spec"]!["subsets"]!.AsArray().Add(JsonNode.Parse("""{"name":"v4","labels":{"version":"v4"}}"""));
        _mesh.Control.OverwriteAs("kubectl-edit", KubernetesKind.DestinationRule, rule);
        string before = _mesh.VirtualService["spec"]!.ToJsonString();
        _load.OnRequest = _ => new FakeAnswer("no healthy upstream", LoadError.Http5xx, 503);
        int destinations = 0;
        _load.BeforeAnswer = (_, _) => { destinations = _mesh.Weights().Count; return Task.CompletedTask; };
        Assert.Equal(["ShiftRolledBack"], _mesh.Mesh.Run($"{Invoke} -Step @{{ v4 = 5 }} -Force").ErrorIds);
        Assert.Equal(4, destinations);
        Assert.Equal(before, _mesh.VirtualService["spec"]!.ToJsonString());
    }

    [Fact]
    public void FewRequests_PassAsUndecided()
    {
        TrafficShiftStep step = Assert.Single(_mesh.Expect<TrafficShiftStep>($"{Invoke} -Step @{{ v2 = 5 }} -Count 100"));
        Assert.Equal((ShiftAction.Completed, Verdict.Undecided), (step.Action, step.Verdict));
    }

    [Fact]
    public void ForeignEditOfTheWeights_StopsAndLeavesThem()
    {
        bool edited = false;
        _load.BeforeAnswer = (_, _) =>
        {
            if (!edited && _mesh.Weights()[1] == 25)
            {
                edited = true;
                _mesh.Edit(item => item["spec"]!["http"]![0]!["route"]![0]!["weight"] = 77);
            }

            return Task.CompletedTask;
        };
        ScriptRun run = _mesh.Mesh.Run($"{Invoke} -Step @{{ v2 = 5 }}, @{{ v2 = 25 }}, @{{ v2 = 100 }}");
        Assert.Equal([ShiftAction.Passed, ShiftAction.Overtaken], run.OutputAs<TrafficShiftStep>().Select(step => step.Action));
        ErrorRecord error = Assert.Single(run.Errors);
        Assert.StartsWith("ShiftOvertaken,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("it has v1 77, v2 25, v3 19", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("before the shift it had v1 30, v2 60, v3 10", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal([77, 25, 19], _mesh.Weights());
        Assert.Null(TrafficShiftMarker.Find(_mesh.VirtualService));
    }

    [Fact]
    public void ForeignEditOfAnotherRoute_IsNoneOfItsBusiness()
    {
        bool edited = false;
        _load.BeforeAnswer = (_, _) =>
        {
            if (!edited)
            {
                edited = true;
                _mesh.Edit(item => item["spec"]!["http"]![1]!["route"]![0]!["weight"] = 91);
            }

            return Task.CompletedTask;
        };
        Assert.Equal(2, _mesh.Expect<TrafficShiftStep>($"{Invoke} -Step @{{ v2 = 5 }}, @{{ v2 = 100 }}").Count);
        Assert.Equal([0, 100, 0, 91, 5, 5], _mesh.Weights().Concat(_mesh.Weights(1)));
    }

    [Fact]
    public void ShiftUnderWay_IsRefusedNamingTheWaysOut()
    {
        _mesh.CutOff(_load, $"{Invoke} -Step @{{ v2 = 5 }}, @{{ v2 = 100 }}", step: 1);
        int writes = _mesh.Control.Writes.Count;
        ErrorRecord error = _mesh.Fails($"{Invoke} -Step @{{ v2 = 50 }}");
        Assert.StartsWith("ShiftUnderWay,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Resume-TrafficShift hello2-vs", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("Undo-TrafficShift hello2-vs", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(writes, _mesh.Control.Writes.Count);
    }

    [Fact]
    public void Stop_WhileMeasuring_EndsWithinASecondAndRestores()
    {
        _load.BeforeAnswer = (i, token) => i < 10 || !_mesh.IsShifting ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
        using RunningScript running = _mesh.Mesh.Host.Start($"{Invoke} -Step @{{ v2 = 5 }}, @{{ v2 = 100 }}");
        running.WaitUntil(() => _load.Requests == 15, "ten requests after the first five");
        Assert.Equal([71, 5, 24], _mesh.Weights());
        Assert.InRange(running.Stop(), TimeSpan.Zero, RunningScript.StopLimit);
        Assert.Equal(PSInvocationState.Stopped, running.Wait().State);
        WaitUntilRestored();
    }

    [Fact]
    public void Stop_WhileAWriteHangs_EndsWithinASecondAndRestoresWhenItIsDone()
    {
        TaskCompletionSource write = new();
        TaskCompletionSource writing = new();
        _mesh.Control.OnCall = (call, _) =>
        {
            if (!call.Writes || _mesh.Weights()[1] != 5)
            {
                return Task.CompletedTask;
            }

            writing.TrySetResult();
            return write.Task;
        };
        using RunningScript running = _mesh.Mesh.Host.Start($"{Invoke} -Step @{{ v2 = 5 }}, @{{ v2 = 100 }}");
        running.WaitUntil(() => writing.Task.IsCompleted, "the second write");
        Assert.InRange(running.Stop(), TimeSpan.Zero, RunningScript.StopLimit);
        Assert.Equal([71, 5, 24], _mesh.Weights());
        write.SetResult();
        WaitUntilRestored();
    }

    [Fact]
    public void DownstreamThatHasEnough_RestoresToo()
    {
        _mesh.Expect<TrafficShiftStep>($"{Invoke} -Step @{{ v2 = 5 }}, @{{ v2 = 100 }} | Select-FirstN 1");
        WaitUntilRestored();
    }

    [Fact]
    public void ApiThatFails_RestoresAndSaysSo()
    {
        _mesh.Control.OnCall = (call, _) => call.Verb == "replace" && _mesh.Weights()[1] == 5 && call.Writes && _mesh.Control.Writes.Count == 2
            ? throw new MeshException(MeshErrorCode.ApiUnavailable, "The server is on fire.")
            : Task.CompletedTask;
        ErrorRecord error = _mesh.Fails($"{Invoke} -Step @{{ v2 = 5 }}, @{{ v2 = 100 }}");
        Assert.StartsWith("ApiUnavailable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        AssertRestored();
    }

    [Fact]
    public void RestoringThatFails_LeavesTheMarkerAndNamesUndo()
    {
        _mesh.Control.OnCall = (call, _) => call.Writes && _mesh.Weights()[1] == 5
            ? throw new MeshException(MeshErrorCode.ApiUnavailable, "The server is on fire.")
            : Task.CompletedTask;
        ErrorRecord error = _mesh.Fails($"{Invoke} -Step @{{ v2 = 5 }}, @{{ v2 = 100 }}");
        Assert.Contains("Undo-TrafficShift hello2-vs", error.Exception.Message, StringComparison.Ordinal);
        Assert.NotNull(TrafficShiftMarker.Find(_mesh.VirtualService));
    }

    [Fact]
    public void WhatIf_ShowsEveryStepOfTheServersDryRunAndSendsNothing()
    {
        ScriptRun run = _mesh.Mesh.Run($"{Invoke} -Step @{{ v2 = 5 }}, @{{ v2 = 100 }} -WhatIf");
        Assert.Contains(
            "shift route 'http-hello-route' in 2 steps: v1 30, v2 60, v3 10 -> v1 71, v2 5, v3 24 -> v1 0, v2 100, v3 0",
            run.HostText, StringComparison.Ordinal);
        Assert.Equal(2, _mesh.Control.Calls.Count(call => call is { Verb: "replace", DryRun: true }));
        Assert.Empty(run.Output);
        Assert.Empty(_mesh.Control.Writes);
        Assert.Equal(0, _load.Requests);
    }

    [Fact]
    public void GetPipedIn_BindsVirtualServiceAndRoute() =>
        Assert.Equal(
            ["http-hello-route"],
            _mesh.Expect<TrafficShiftStep>($"Get-TrafficShift hello2-vs http-hello-route | Invoke-TrafficShift -Step @{{ v2 = 5 }} {Uri}").Select(step => step.Route));

    [Fact]
    public void View_ShowsARowPerStep()
    {
        string text = _mesh.Mesh.Host.Render($"{Invoke} -Step @{{ v2 = 5 }}, @{{ v2 = 100 }}");
        Assert.Matches(@"1 of 2 +Passed +Consistent +0 % +8 ms +v1 71 %, v2 5 %, v3 24 %", text);
        Assert.Matches(@"2 of 2 +Completed +Consistent +0 % +8 ms +v1 0 %, v2 100 %, v3 0 %", text);
    }

    private void Answer(Func<int, int, FakeAnswer?> answer) => _load.OnRequest = i =>
    {
        int version = ShiftMesh.VersionOf(i, _mesh.Weights());
        return answer(i, version) ?? new FakeAnswer(FakeScenario.Chain(version));
    };

    private static LatencySummary P99(double milliseconds) => new() { P99 = TimeSpan.FromMilliseconds(milliseconds) };

    private void WaitUntilRestored()
    {
        Assert.True(SpinWait.SpinUntil(
            () => _mesh.Weights() is [30, 60, 10] && TrafficShiftMarker.Find(_mesh.VirtualService) is null, TimeSpan.FromSeconds(20)));
        AssertRestored();
    }

    private void AssertRestored()
    {
        Assert.Equal([30, 60, 10, 90, 5, 5], _mesh.Weights().Concat(_mesh.Weights(1)));
        Assert.Null(TrafficShiftMarker.Find(_mesh.VirtualService));
    }
}
