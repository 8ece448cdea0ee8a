using HybridMesh.Internal;

namespace HybridMesh.Core.Tests;

public sealed class FormatSidecarsTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0.2, "now")]
    [InlineData(40, "in 40 s")]
    [InlineData(-59.9, "59 s ago")]
    [InlineData(52.9 * 60, "in 52 min")]
    [InlineData(-3.9 * 3600, "3 h ago")]
    [InlineData(47.9 * 3600, "in 47 h")]
    [InlineData(5.5 * 86400, "in 5 days")]
    [InlineData(-9.5 * 365.25 * 86400, "9 years ago")]
    public void RelativeTime_SaysNoMoreThanIsLeft(double seconds, string text) =>
        Assert.Equal(text, RelativeTime.Of(Now.AddSeconds(seconds), Now));

    [Theory]
    [InlineData(null, false, "none")]
    [InlineData(60, false, "in 1 h")]
    [InlineData(60, true, "in 1 h")]
    [InlineData(-180, false, "expired 3 h ago")]
    [InlineData(-180, true, "\u001b[31mexpired 3 h ago\u001b[0m")]
    [InlineData(5, true, "\u001b[33min 5 min\u001b[0m")]
    public void Expiry_IsColouredOnlyWhereTheHostShowsIt(int? minutes, bool color, string text) =>
        Assert.Equal(text, Format.Expiry(minutes is null ? null : Now.AddMinutes(minutes.Value), Now, color));

    [Theory]
    [InlineData("v1", "v1", null, "v1")]
    [InlineData("v1", "v2", null, "entry:v1 env:v2")]
    [InlineData("v1", "v1", "v3", "entry:v1 env:v1 app:v3")]
    [InlineData(null, null, null, "")]
    public void Versions_NameTheirSidesWhenTheyDiffer(string? entry, string? env, string? app, string text) =>
        Assert.Equal(text, Format.Versions(new VmSidecar
        {
            Vm = new MeshVm { Name = "a", Address = "10.0.0.1" },
            State = SidecarState.Ready,
            EntryVersion = entry,
            EnvVersion = env,
            AppVersion = app,
        }));
}
