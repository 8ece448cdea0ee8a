using System.Xml.Linq;
using HybridMesh.Core;

namespace HybridMesh.Core.Tests;

public sealed class ReportTableTests
{
    [Fact]
    public void Disagreements_ComeWorstFirst_WithTheirCommandOnItsOwn()
    {
        XElement page = Page(
            Drift(DriftSeverity.Information, "vm1"), Drift(DriftSeverity.Error, "vm10"),
            Drift(DriftSeverity.Error, "vm2"),
            Drift(DriftSeverity.Warning, "vm3"));
        XElement[] rows = [.. page.Descendants("tbody").Single().Elements("tr")];

        Assert.Equal(
            ["✕ Error vm2", "✕ Error vm10", "? Warning vm3", "– Information vm1"],
            rows.Select(row => string.Join(' ', row.Elements().Take(2).Select(cell => cell.Value))));
        Assert.All(rows, row => Assert.Equal("Set-It 'x'", row.Elements().Last().Element("pre")!.Value));
    }

    [Fact]
    public void Sidecars_ComeUnwellFirst_EachProblemWithItsCommand()
    {
        XElement page = Page(
            ReportSamples.Sidecar("vm1", SidecarState.Ready), ReportSamples.Sidecar(
                "vm2", SidecarState.NotReady,
                (Drift(DriftSeverity.Error, "vm2") with { Message = "It is <ill>." }).ToProblem()));
        XElement[] rows = [.. page.Descendants("tbody").Single().Elements("tr")];

        Assert.Equal(["vm2", "vm1"], rows.Select(row => row.Elements().First().Value));
        Assert.Contains(rows[0].Descendants("span"), span => span.Value == "✕ not ready");
        Assert.Contains(rows[0].Descendants("span"), span => span.Value == "✕ expired 1 h ago");
        XElement cause = page.Descendants("section").Single(section => section.Is("cause"));
        Assert.StartsWith("What is wrong on vm2", cause.Value, StringComparison.Ordinal);
        Assert.StartsWith("It is <ill>.", cause.Descendants("li").Single().Value, StringComparison.Ordinal);
        Assert.Equal("Set-It 'x'", cause.Descendants("pre").Single().Value);
    }

    [Fact]
    public void ColumnsWithoutAnyText_AreLeftOut() =>
        Assert.Equal(
            ["VM", "Name", "State"],
            Page(ReportSamples.App).Descendants("thead").Descendants("th").Select(head => head.Value));

    [Fact]
    public void ShortTexts_AreNotBroken_LongOnesMayBe()
    {
        XElement[] cells = [.. Page(ReportSamples.App with { Name = new string('x', 17) })
            .Descendants("tbody").Descendants()];
        Assert.True(cells.Single(cell => cell.Value == "running").Is("s"));
        Assert.True(cells.Single(cell => cell.Value.Length == 17).Is("l"));
    }

    [Fact]
    public void PathsBetweenSeveral_AreShownAtAGlance()
    {
        MeshPath other = ReportSamples.Works with { Uri = new Uri("http://127.21.0.9:8001/hello") };
        XElement table = Page(
            ReportSamples.Works with { From = "vm10" }, other with { From = "vm10" }, other with { From = "vm2" },
            ReportSamples.Fails(PathStage.Connect) with { From = "vm10" },
            other with { From = "vm2", Uri = ReportSamples.Works.Uri, Latency = TimeSpan.FromMilliseconds(3) },
            other with { From = "vm3", Latency = null }).Descendants("table").First();

        Assert.Equal(
            ["From", "to hello3-svc:8001/hello/eric", "to 127.21.0.9:8001/hello"],
            table.Element("thead")!.Descendants("th").Select(head => head.Value));
        Assert.Equal(
            ["vm2|✓ 3 ms|✓ 12.5 ms", "vm3||✓ works", "vm10|✕ Connect|✓ 12.5 ms"],
            table.Element("tbody")!.Elements("tr").Select(row =>
                string.Join('|', row.Elements().Select(cell => cell.Value))));
    }

    [Fact]
    public void MoreUrlsThanOrigins_GoDownThePage()
    {
        XElement table = Page([.. Enumerable.Range(1, 9).SelectMany(i => new[] { "vm1", "vm2" }.Select(from =>
            ReportSamples.Works with { From = from, Uri = new Uri($"https://127.21.0.{i}:8001/") }))])
            .Descendants("table").First();

        Assert.Equal(["To", "from vm1", "from vm2"], table.Descendants("th").Take(3).Select(head => head.Value));
        XElement[] rows = [.. table.Element("tbody")!.Elements("tr")];
        Assert.Equal(9, rows.Length);
        Assert.Equal("https://127.21.0.1:8001/", rows[0].Element("th")!.Value);
    }

    [Fact]
    public void PathsToOneTarget_NeedNoTable() =>
        Assert.Empty(Page(ReportSamples.Works, ReportSamples.Works with { From = "vm2" }).Descendants("table"));

    [Fact]
    public void TwoHundredPaths_AreDrawnInPartAndListedInWhole()
    {
        XElement page = Page([.. Enumerable.Range(1, 200).Select(i => ReportSamples.Works with { From = $"vm{i}" })]);

        Assert.Equal(12, page.Descendants("svg").Count());
        Assert.Equal("188 more that work", page.Descendants("caption").Single().Value);
        string[] first = [.. page.Descendants("tbody").Elements("tr").First().Elements().Select(cell => cell.Value)];
        Assert.Equal(["vm13", ReportSamples.Works.Uri.ToString(), "VM v2 → pod v1", "12.5\u00A0ms"], first);
        Assert.Equal(188, page.Descendants("tbody").Elements("tr").Count());
    }

    [Fact]
    public void RouteMeasuredOften_ShowsTheLastThreeAndListsTheEarlier()
    {
        XElement page = Page(
            [.. Enumerable.Range(1, 5).Select(i => ReportSamples.Split() with { Summary = $"Summary {i}." })]);
        string[] headings = [.. page.Descendants("h3").Select(heading =>
            heading.Value[heading.Value.IndexOf("eric", StringComparison.Ordinal)..])];

        Assert.Equal(
            [
                "eric", "eric (measurement 3 of 5)", "eric (measurement 4 of 5)",
                "eric (measurement 5 of 5; the last one counts)",
            ],
            headings);
        Assert.Equal(
            ["Summary 1.", "Summary 2."],
            page.Descendants("table").First().Element("tbody")!.Elements("tr")
                .Select(row => row.Elements().Last().Value));
    }

    [Fact]
    public void ManyRoutes_AreListed_ButTheWorstAreDrawn()
    {
        XElement page = Page(
        [
            .. Enumerable.Range(1, 40).Select(i => ReportSamples.Split() with { Route = $"r{i}" }),
            ReportSamples.Split(Verdict.Inconsistent) with { Route = "worst" },
        ]);

        Assert.Equal(25, page.Descendants("h3").Count());
        Assert.StartsWith("hello2-vs, route worst", page.Descendants("h3").Last().Value, StringComparison.Ordinal);
        XElement table = page.Descendants("table").Last();
        Assert.Equal("16 more routes", table.Element("caption")!.Value);
        Assert.Equal(16, table.Element("tbody")!.Elements("tr").Count());
        XElement[] points = [.. page.Descendants("section").First().Descendants("li")];
        Assert.Equal(13, points.Length);
        Assert.Equal("And 28 more, none of them worse.", points[^1].Value);
    }

    [Fact]
    public void ManyShifts_AreListed_ButTheWorstAreDrawn()
    {
        XElement page = Page(
        [
            .. Enumerable.Range(1, 40).Select(i =>
                ReportSamples.Step(3, ShiftAction.Completed, 100) with { Route = $"r{i}", Measurement = null }),
            ReportSamples.Step(1, ShiftAction.RolledBack, 5) with { Route = "worst", Measurement = null },
        ]);

        Assert.Equal(25, page.Descendants("svg").Count());
        Assert.Equal("hello2-vs, route worst", page.Descendants("h3").Last().Value);
        Assert.Equal("16 more shifts", page.Descendants("caption").Last().Value);
    }

    [Fact]
    public void MeasurementWithoutVersions_HasNeitherPictureNorEmptyTable()
    {
        XElement page = Page(ReportSamples.Split(Verdict.Undecided) with { Versions = [], Latency = new() });
        Assert.Empty(page.Descendants("svg"));
        Assert.Empty(page.Descendants("table"));
        Assert.Contains(
            "in the shares asked for can't be told", page.Descendants("section").First().Value,
            StringComparison.Ordinal);
    }

    [Fact]
    public void MarksThatTurnTheDirection_AreTakenOut() =>
        Assert.Equal(
            "a\uFFFDb\uFFFDc",
            ReportSamples.Page(new MeshReport().ToHtml("a\u202Eb\u2066c", ReportSamples.Now))
                .Descendants("h1").Single().Value);

    private static XElement Page(params object[] items) => ReportSamples.Page(ReportSamples.Html(items));

    private static MeshDrift Drift(DriftSeverity severity, string vm) =>
        ReportSamples.Drift(severity) with { Vm = ReportSamples.Vm(vm), Command = "Set-It 'x'" };
}
