using System.Text.Json.Nodes;

namespace HybridMesh.Lab.Tests;

public sealed class ObjectStoreTests
{
    private readonly ObjectStore _store = new("test", TimeProvider.System);

    [Fact]
    public void Update_SameValuesOfOtherClrTypes_ChangesNothing()
    {
        JsonObject first = Write(new JsonObject { ["count"] = 1, ["share"] = 0.5 });
        JsonObject second = Write(new JsonObject { ["share"] = 0.5m, ["count"] = 1L });
        Assert.Equal((string?)first["metadata"]!["resourceVersion"], (string?)second["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public void Find_Numbers_AreReadAsAnyType()
    {
        Write(new JsonObject { ["count"] = 1 });
        JsonNode count = _store.Find("Thing", "ns", "t")!["spec"]!["count"]!;
        Assert.Equal(1, (int)count);
        Assert.Equal(1L, (long)count);
    }

    [Fact]
    public void Changed_TellsEachChangeInOrder()
    {
        List<string> seen = [];
        _store.Changed += change => seen.Add($"{change.Type} {change.Item["spec"]?["count"]} {change.Previous is null}");
        Write(new JsonObject { ["count"] = 1 });
        Write(new JsonObject { ["count"] = 1 });
        Write(new JsonObject { ["count"] = 2 });
        Assert.True(_store.Delete("Thing", "ns", "t"));
        Assert.False(_store.Delete("Thing", "ns", "t"));
        Assert.Equal(["ADDED 1 True", "MODIFIED 2 False", "DELETED 2 False"], seen);
    }

    private JsonObject Write(JsonObject spec) => _store.Update("Thing", "ns", "t", stored =>
    {
        JsonObject item = stored ?? new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "t", ["namespace"] = "ns" },
        };
        item["spec"] = spec;
        return item;
    })!;
}
