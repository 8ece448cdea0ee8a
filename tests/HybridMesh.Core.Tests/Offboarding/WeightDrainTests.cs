namespace HybridMesh.Core.Tests;

public sealed class WeightDrainTests
{
    [Theory]
    [InlineData("30,60,10", "0", "0,86,14")]
    [InlineData("90,5,5", "0", "0,50,50")]
    [InlineData("1,1,1,97", "3", "34,33,33,0")]
    [InlineData("30,60,10", "0,1", "0,0,100")]
    [InlineData("3,2,0", "0", "0,5,0")]
    [InlineData("100,50,0", "1", "150,0,0")]
    public void Move_KeepsTheSumAndTheProportionsOfTheOthers(string before, string leaving, string after)
    {
        int[] gone = [.. Numbers(leaving)];

        RouteWeights? moved = WeightDrain.Move(Route(before), item => gone.Contains(item.Subset![1] - '0'));

        Assert.Equal(Numbers(after), moved!.Destinations.Select(item => item.Weight));
    }

    [Theory]
    [InlineData("30,60,10", "0,1,2")]
    [InlineData("100,0", "0")]
    [InlineData("100", "0")]
    public void Move_WithNobodyLeftToTakeIt_IsNull(string before, string leaving)
    {
        int[] gone = [.. Numbers(leaving)];

        Assert.Null(WeightDrain.Move(Route(before), item => gone.Contains(item.Subset![1] - '0')));
    }

    private static IEnumerable<int> Numbers(string list) =>
        list.Split(',').Select(item => int.Parse(item, System.Globalization.CultureInfo.InvariantCulture));

    private static RouteWeights Route(string weights) => new()
    {
        Namespace = "ns",
        VirtualService = "vs",
        Name = "route",
        Index = 0,
        Destinations = [.. Numbers(weights).Select((weight, i) => new RouteWeight("a.ns.svc.cluster.local", $"v{i}", weight))],
    };
}
