using HybridMesh.Core;

namespace HybridMesh.Yaml.Tests;

public sealed class YamlInventoryTests
{
    private const string List = """
        # our machines
        - Name: vm1
          Address: 10.0.0.1
          SshPort: 2222
          Version: 1.10
          Labels: { app: hello, tier: "a" }
          User: ~

        - name: vm2
          Address: "10.0.0.2"
          Labels: a=1;b=2
        """;

    [Fact]
    public void Read_Sequence_GivesRowsWithLinesAndText()
    {
        List<InventoryRow> rows = [.. new YamlInventory().Read(List)];

        Assert.Equal([2, 9], rows.Select(row => row.Line));
        Assert.Equal("1.10", rows[0].Values["Version"]);
        Assert.Null(rows[0].Values["User"]);
        Assert.Equal(
            new Dictionary<string, string> { ["app"] = "hello", ["tier"] = "a" },
            Assert.IsType<Dictionary<string, string>>(rows[0].Values["Labels"]));
        Assert.Equal("vm2", rows[1].Values["Name"]);
        Assert.Equal("a=1;b=2", rows[1].Values["labels"]);
    }

    [Theory]
    [InlineData("- Name: vm1\n  Address: }", 2, "no YAML")]
    [InlineData("Name: vm1", 1, "sequence of mappings")]
    [InlineData("- Name: vm1\n- vm2", 2, "no mapping")]
    [InlineData("- Name: vm1\n  Address: [10.0.0.1]", 2, "'Address' must be text or a number")]
    [InlineData("- Name: vm1\n  Name: vm2", 2, "")]
    public void Read_Broken_NamesTheLine(string text, int line, string expected)
    {
        InventoryFormatException e = Assert.Throws<InventoryFormatException>(() => new YamlInventory().Read(text).ToList());

        Assert.Equal(line, e.Line);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Empty_GivesNoRow() => Assert.Empty(new YamlInventory().Read("# nothing yet\n"));
}
