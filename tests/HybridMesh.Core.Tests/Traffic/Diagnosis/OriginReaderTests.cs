using static HybridMesh.Core.Tests.MadeUpEvidence;

namespace HybridMesh.Core.Tests;

public sealed class OriginReaderTests
{
    private readonly OriginReader _reader = new(
        new HashSet<string> { Vm(2) }, address => address == Hello1 || address == Vm(2));

    [Fact]
    public void Chain_TellsTheEndpointAndWhoIsBeforeIt()
    {
        AnswerOrigin origin = Read(_reader, $"Hello eric({Hello1})<-Bonjour eric({Vm(2)})")!;
        Assert.Equal(
            (Vm(2), Hello1, 1, 2, true),
            (origin.Address, origin.Before, origin.HopsBefore, origin.Hops, origin.IsWhole));
    }

    [Fact]
    public void ChainWithoutIt_HasNoAddress()
    {
        AnswerOrigin origin = Read(_reader, $"Hello eric({Hello1})")!;
        Assert.Equal((null, 1, true), (origin.Address, origin.Hops, origin.IsWhole));
        Assert.False(Read(_reader, "Hello eric(10.9.9.9)")!.IsWhole);
    }

    [Fact]
    public void EqualChainsOfOtherCallers_AreOneObject() => Assert.Same(
        Read(_reader, $"Hello eric({Hello1})<-Bonjour eric({Vm(2)})"),
        Read(_reader, $"Hello ann({Hello1})<-Bonjour ann({Vm(2)})"));

    [Fact]
    public void NoChain_IsNothing() => Assert.Null(Read(_reader, "no healthy upstream"));
}
