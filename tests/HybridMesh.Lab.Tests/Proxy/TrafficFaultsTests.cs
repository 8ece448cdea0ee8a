namespace HybridMesh.Lab.Tests;

public sealed class TrafficFaultsTests
{
    [Theory]
    [InlineData("weights/ignore", true, false)]
    [InlineData("connections/pin", false, true)]
    [InlineData("weights/obey", false, false)]
    [InlineData("connections/spread", false, false)]
    public void ApplyMesh_KnownFault_SetsItsSwitch(string fault, bool ignoresWeights, bool pins)
    {
        MeshProxyOptions options = new();

        TrafficFaults.ApplyMesh(options, fault.Split('/'));

        Assert.Equal((ignoresWeights, pins), (options.IgnoreWeights, options.PinConnections));
    }

    [Fact]
    public void ApplyAsm_VmOperations_WithdrawnAndOfferedAgain()
    {
        AsmFaults faults = new();

        TrafficFaults.ApplyAsm(faults, ["vm-operations", "withdraw"]);
        Assert.True(faults.Withdrawn);
        TrafficFaults.ApplyAsm(faults, ["vm-operations", "offer"]);

        Assert.False(faults.Withdrawn);
    }

    [Fact]
    public void ApplyAsm_ThrottleThenFail_AnswersSoThatOften()
    {
        AsmFaults faults = new();
        TrafficFaults.ApplyAsm(faults, ["throttle", "1"]);
        TrafficFaults.ApplyAsm(faults, ["fail", "1"]);

        Assert.Equal("Throttling.User", Assert.Throws<AsmException>(faults.Check).Code);
        Assert.Equal("ServiceUnavailable", Assert.Throws<AsmException>(faults.Check).Code);
        faults.Check();
    }

    [Theory]
    [InlineData("throttle/many")]
    [InlineData("nothing")]
    public void ApplyAsm_UnknownFault_NamesThoseThere(string fault) => Assert.Contains(
        "throttle/N",
        Assert.Throws<KeyNotFoundException>(() => TrafficFaults.ApplyAsm(new AsmFaults(), fault.Split('/'))).Message,
        StringComparison.Ordinal);
}
