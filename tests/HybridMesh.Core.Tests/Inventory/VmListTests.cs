using HybridMesh.Core;

namespace HybridMesh.Core.Tests;

public sealed class VmListTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hybridmesh-vms-");
    private readonly VmList _list = new(new NoYaml());

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void ReadFile_Csv_ReadsAnExportedList()
    {
        MeshVm vm = new() { Name = "vm1", Address = "10.0.0.1", Labels = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" } };

        VmListContent content = Read("vms.csv", $"""
            "VmName","Name","Address","Labels"
            "{vm.Name}","{vm.Name}","{vm.Address}","{vm.Labels}"
            """);

        Assert.Equal(vm.Labels, Assert.Single(content.Vms).Labels);
        Assert.Equal("", $"{new MeshVm { Name = "vm2", Address = "10.0.0.2" }.Labels}");
    }

    [Fact]
    public void ReadFile_Csv_ReadsEveryColumn()
    {
        VmListContent content = Read("vms.csv", """
            Name,Address,SshHost,SshPort,User,KeyFile,KnownHostsFile,Version,Labels,ServiceAccount,Network,Locality,Weight
            vm1,10.0.0.1,vm1.example.com,2222,ops,keys/id,/etc/known,v1,"app=hello;tier=a",hello-sa,net-1,cn/a,5
            """);

        Assert.Equivalent(
            new MeshVm
            {
                Name = "vm1",
                Address = "10.0.0.1",
                SshHost = "vm1.example.com",
                SshPort = 2222,
                User = "ops",
                KeyFile = Path.Combine(_folder.FullName, "keys", "id"),
                KnownHostsFile = "/etc/known",
                Version = "v1",
                Labels = new Dictionary<string, string> { ["app"] = "hello", ["tier"] = "a" },
                ServiceAccount = "hello-sa",
                Network = "net-1",
                Locality = "cn/a",
                Weight = 5,
            },
            Assert.Single(content.Vms));
        Assert.Empty(content.Errors);
    }

    [Fact]
    public void ReadFile_OnlyAddress_TakesDefaults()
    {
        MeshVm vm = Assert.Single(Read("vms.csv", "Address\nfd00::5\n").Vms);

        Assert.Equal(("fd00::5", "fd00::5", 22, null), (vm.Name, vm.SshHost, vm.SshPort, vm.User));
    }

    [Theory]
    [InlineData("Name,Address\r\nvm1,10.0.0.1\r\nvm2,10.0.0.2\r\n")]
    [InlineData("\uFEFFName,Address\nvm1,10.0.0.1\nvm2,10.0.0.2")]
    [InlineData("# our machines\nname,ADDRESS\n\n\"vm1\",10.0.0.1\n# later: vm9\nvm2,\"10.0.0.2\"\n\n")]
    public void ReadFile_CsvAsEditorsWriteIt_ReadsTheSame(string text)
    {
        Assert.Equal(["vm1/10.0.0.1", "vm2/10.0.0.2"], Read("vms.csv", text).Vms.Select(vm => $"{vm.Name}/{vm.Address}"));
    }

    [Fact]
    public void ReadFile_CsvQuotes_KeepCommasQuotesAndLineBreaks_AndCountLines()
    {
        VmListContent content = Read("vms.csv", "Name,Address\n\"a, \"\"b\"\"\",10.0.0.1\nc,nowhere\n");

        Assert.Equal("a, \"b\"", new CsvInventory().Read("Name\n\"a, \"\"b\"\"\"\n").Single().Values["Name"]);
        Assert.StartsWith("vms.csv line 3: ", Assert.Single(content.Errors).Message, StringComparison.Ordinal);
        Assert.Equal(4, new CsvInventory().Read("Name\n\"a\nb\"\nc\n").Last().Line);
    }

    [Fact]
    public void ReadFile_UnknownColumn_NamesItAndTheNearest()
    {
        MeshException e = Fails("vms.csv", "Name,Adress\nvm1,10.0.0.1\n");

        Assert.StartsWith("vms.csv line 1: there is no property 'Adress'; did you mean Address?", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Name;Address\nvm1;10.0.0.1", "line 1: the columns are separated by ';'")]
    [InlineData("Name,Address,name\nvm1,10.0.0.1,x", "line 1: the column 'Name' is there twice")]
    [InlineData("Name,Address\n\"vm1,10.0.0.1\n", "line 2: a quoted field is not closed")]
    [InlineData("Name,Address\n\"vm1\"x,10.0.0.1\n", "line 2: text follows a closing quote")]
    [InlineData("Name,Address\n", "the list names no VM")]
    [InlineData("", "the list names no VM")]
    public void ReadFile_BrokenCsv_NamesLineAndRemedy(string text, string expected)
    {
        Assert.Contains(expected, Fails("vms.csv", text).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.1", "no IP address")]
    [InlineData("010.0.0.1", "no IP address")]
    [InlineData("vm1.example.com", "belongs in SshHost")]
    [InlineData("169.254.1.1", "link-local")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("0.0.0.0", "not the address of one machine")]
    [InlineData("224.0.0.1", "not the address of one machine")]
    public void ReadFile_AddressNoPodReaches_IsRefused(string address, string expected)
    {
        Assert.Contains(expected, RowError($"Address\n{address}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("127.168.0.170")]
    [InlineData("2001:db8::1")]
    public void ReadFile_AddressOfOneMachine_IsTaken(string address)
    {
        Assert.Equal(address, Assert.Single(Read("vms.csv", $"Address\n{address}\n").Vms).Address);
    }

    [Theory]
    [InlineData("SshPort", "0", "from 1 to 65535")]
    [InlineData("SshPort", "65536", "from 1 to 65535")]
    [InlineData("SshPort", "ssh", "from 1 to 65535")]
    [InlineData("Weight", "-1", "from 0 on")]
    [InlineData("Version", "v1.", "no label value")]
    [InlineData("Labels", "app", "name=value")]
    [InlineData("Labels", "a/b/c=1", "no label name")]
    [InlineData("SshHost", "root@vm1", "a user in User")]
    [InlineData("SshHost", "-oProxyCommand=x", "no host name")]
    [InlineData("User", "-l root", "no user name")]
    [InlineData("ServiceAccount", "Hello_SA", "no object name")]
    [InlineData("Network", "net 1", "no label value")]
    [InlineData("Locality", "a/b/c/d", "region/zone/subzone")]
    public void ReadFile_WrongValue_IsRefusedWithTheRemedy(string column, string value, string expected)
    {
        Assert.Contains(expected, RowError($"Address,{column}\n10.0.0.1,{value}"), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadFile_LongLabel_IsRefused()
    {
        string label = new('a', 64);

        Assert.Contains("63", RowError($"Address,Version\n10.0.0.1,{label}"), StringComparison.Ordinal);
        Assert.Single(Read("vms.csv", $"Address,Version\n10.0.0.1,{label[1..]}\n").Vms);
    }

    [Fact]
    public void ReadFile_Duplicates_NameTheOtherLine()
    {
        VmListContent content = Read("vms.csv", "Name,Address\nvm1,10.0.0.1\nVM1,10.0.0.2\nvm3,10.0.0.1\n");

        Assert.Equal(2, content.Errors.Count);
        Assert.Contains("line 3: Name 'VM1' is taken by line 2", content.Errors[0].Message, StringComparison.Ordinal);
        Assert.Contains("line 4: Address 10.0.0.1 is taken by line 2", content.Errors[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadFile_SameAddressInTwoNetworks_IsTaken()
    {
        Assert.Equal(2, Read("vms.csv", "Name,Address,Network\na,10.0.0.1,n1\nb,10.0.0.1,n2\n").Vms.Count);
    }

    [Fact]
    public void ReadFile_SomeRowsWrong_ReportsAllOfThemAndGivesNoVm()
    {
        VmListContent content = Read("vms.csv", "Name,Address\na,10.0.0.1\nb,x\nc,10.0.0.3,surplus\nd,y\n");

        Assert.Equal(
            ["vms.csv line 3", "vms.csv line 4", "vms.csv line 5"], content.Errors.Select(e => e.Message.Split(':')[0]));
        Assert.All(content.Errors, e => Assert.Equal(MeshErrorCode.InventoryInvalid, e.Code));
        Assert.Empty(content.Vms);
        Assert.Equal(4, content.RowCount);
    }

    [Fact]
    public void ReadFile_KeyFiles_AreFoundFromTheListsFolderAndHome()
    {
        IReadOnlyList<MeshVm> vms = Read(
            "vms.csv", "Address,KeyFile,KnownHostsFile\n10.0.0.1,../id,~/.ssh/known\n10.0.0.2,/abs/id,\n").Vms;

        Assert.Equal(Path.Combine(_folder.Parent!.FullName, "id"), vms[0].KeyFile);
        Assert.Equal(
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh", "known"),
            vms[0].KnownHostsFile);
        Assert.Equal(("/abs/id", null), (vms[1].KeyFile, vms[1].KnownHostsFile));
    }

    [Fact]
    public void ReadFile_Json_ReadsTextNumbersAndLabels()
    {
        VmListContent content = Read("vms.json", """
            [
              // our first
              { "name": "vm1", "Address": "10.0.0.1", "SshPort": 2222, "Version": "v1", "Labels": { "app": "hello", "n": 1 }, "Weight": null },
              { "Address": "10.0.0.2", "Labels": "a=1;b=2" },
            ]
            """);

        Assert.Equal(2222, content.Vms[0].SshPort);
        Assert.Equal(new Dictionary<string, string> { ["app"] = "hello", ["n"] = "1" }, content.Vms[0].Labels);
        Assert.Equal(new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" }, content.Vms[1].Labels);
    }

    [Fact]
    public void ReadFile_JsonRowWrong_NamesItsFirstLine()
    {
        VmListContent content = Read("vms.json", """
            [
              { "Address": "10.0.0.1" },
              {
                "Address": "nowhere"
              }
            ]
            """);

        Assert.StartsWith("vms.json line 3: ", Assert.Single(content.Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[\n{ \"Address\" }\n]", "line 2: this is no JSON")]
    [InlineData("{ \"Address\": \"10.0.0.1\" }", "must be an array of objects")]
    [InlineData("[ 1 ]", "is no object")]
    [InlineData("[ { \"Address\": [1] } ]", "'Address' must be text or a number")]
    [InlineData("[ { \"Address\": \"10.0.0.1\", \"address\": \"10.0.0.2\" } ]", "'address' is there twice")]
    [InlineData("[ {\n\"Address\": \"10.0.0.1\",\n\"Ports\": 1 } ]", "did you mean")]
    [InlineData("[] 1", "no JSON")]
    public void ReadFile_BrokenJson_NamesLineAndRemedy(string text, string expected)
    {
        MeshException e = Fails("vms.json", text);

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadFile_OtherExtension_NamesTheKnownOnes()
    {
        Assert.Contains(".csv, .json, .yaml or .yml", Fails("vms.txt", "Address\n").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadFile_Missing_IsFileNotFound()
    {
        string path = Path.Combine(_folder.FullName, "missing.csv");

        MeshException e = Assert.Throws<MeshException>(() => _list.ReadFile(path));

        Assert.Equal((MeshErrorCode.FileNotFound, path), (e.Code, e.ErrorTarget));
    }

    [Fact]
    public void ReadFile_NotUtf8_SaysSo()
    {
        string path = Path.Combine(_folder.FullName, "vms.csv");
        File.WriteAllBytes(path, [(byte)'N', 0xFC, (byte)'\n']);

        Assert.Contains("UTF-8", Assert.Throws<MeshException>(() => _list.ReadFile(path)).Message, StringComparison.Ordinal);
    }

    private VmListContent Read(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return _list.ReadFile(path);
    }

    private MeshException Fails(string name, string text)
    {
        MeshException e = Assert.Throws<MeshException>(() => Read(name, text));
        Assert.Equal(MeshErrorCode.InventoryInvalid, e.Code);
        return e;
    }

    private string RowError(string text) => Assert.Single(Read("vms.csv", text).Errors).Message;

    private sealed class NoYaml : IInventoryFormat
    {
        public IEnumerable<InventoryRow> Read(string text) => throw new NotSupportedException();
    }
}
