namespace HybridMesh.Core.Tests;

public sealed class MeshVmReaderTests
{
    [Fact]
    public void Read_AddressOnly_HasTheDefaults()
    {
        MeshVm vm = Read(("Address", "10.0.0.5"));

        Assert.Equal(("10.0.0.5", "10.0.0.5", 22), (vm.Name, vm.SshHost, vm.SshPort));
        Assert.Empty(vm.Labels);
    }

    [Fact]
    public void Read_SshHostOnly_IsTheAddressToo() => Assert.Equal("h", Read(("SshHost", "h")).Address);

    [Fact]
    public void Read_VmName_WinsOverName() =>
        Assert.Equal("vm", Read(("Address", "a"), ("Name", "entry-1"), ("VmName", "vm")).Name);

    [Fact]
    public void Read_Vm_WinsOverEverything()
    {
        MeshVm vm = new() { Name = "vm", Address = "a" };

        Assert.Same(vm, Read(("Vm", vm), ("Address", "b")));
    }

    [Theory]
    [InlineData("a=1;b=x=y", "1", "x=y")]
    [InlineData(" a = 1 , b = x=y ", "1", "x=y")]
    public void Read_LabelsAsText_AreSplit(string text, string a, string b)
    {
        IReadOnlyDictionary<string, string> labels = Read(("Address", "a"), ("Labels", text)).Labels;

        Assert.Equal((a, b), (labels["a"], labels["b"]));
    }

    [Theory]
    [InlineData("SshPort", "0", "from 1 to 65535")]
    [InlineData("SshPort", "22 ", null)]
    [InlineData("SshPort", "", null)]
    [InlineData("Weight", "-1", "no whole number")]
    [InlineData("Labels", "novalue", "name=value")]
    [InlineData("Address", " ", "neither Address nor SshHost")]
    public void Read_Value_IsCheckedAndNamed(string property, string value, string? reason)
    {
        (string, object)[] values = property == "Address" ? [(property, value)] : [("Address", "a"), (property, value)];

        Exception? error = Record.Exception(() => Read(values));

        if (reason is null)
        {
            Assert.Null(error);
            return;
        }

        Assert.Equal(MeshErrorCode.InventoryInvalid, Assert.IsType<MeshException>(error).Code);
        Assert.StartsWith("line 7 is no VM: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static MeshVm Read(params (string Name, object Value)[] values) => MeshVmReader.Read(
        name => values.Where(pair => pair.Name == name).Select(pair => pair.Value).FirstOrDefault(), "line 7");
}
