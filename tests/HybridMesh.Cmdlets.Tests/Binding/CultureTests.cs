using System.Collections;
using System.Management.Automation;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>Numbers in parameters mean the same, and are said the same, in every culture.</summary>
public sealed class CultureTests : IDisposable
{
    private readonly CommaCulture _culture = new();

    public void Dispose() => _culture.Dispose();

    [Fact]
    public void LabelsOfATable_KeepTheirPoint() => Assert.Equal(
        "version=1.5", new LabelSelectorAttribute().Transform(null!, new Hashtable { ["version"] = 1.5 }));

    [Fact]
    public void RefusedFraction_IsShownAsItWasTyped() => Assert.StartsWith(
        "'1.5' is no part of a whole",
        Assert.Throws<ArgumentTransformationMetadataException>(
            () => new FractionTransformAttribute().Transform(null!, 1.5)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void RefusedDuration_IsShownAsItWasTyped() => Assert.StartsWith(
        "'1234567890.5' is no duration",
        Assert.Throws<ArgumentTransformationMetadataException>(
            () => new DurationTransformAttribute().Transform(null!, 1234567890.5)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Measuring_SaysItsNumbersWithACommaForThousands()
    {
        using FakeMesh mesh = new();
        FakeScenario.Seed(mesh.DataPlane, mesh.ControlPlane);
        mesh.Runtime.Load = new FakeLoadGenerator { OnRequest = _ => new FakeAnswer(FakeScenario.Chain(1)) };

        ScriptRun run = mesh.Run(CommaCulture.Script + """
            Measure-TrafficShift http://127.21.0.1:8004/hello/eric -VirtualService hello2-vs -Count 1000 -Verbose
            """);

        Assert.Contains(run.Verbose, text => text.Contains(": 1,000 answers over", StringComparison.Ordinal));
    }
}
