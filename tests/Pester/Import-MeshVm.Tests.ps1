BeforeAll { . $PSScriptRoot/common.ps1 }

Describe 'Import-MeshVm' {
    BeforeEach {
        $csv = Join-Path $TestDrive 'vms.csv'
        Set-Content $csv 'Name,Address,SshPort,Version,Labels', 'vm1,10.0.0.1,2222,v1,app=hello;tier=a', 'vm2,10.0.0.2,,v2,'
    }

    It 'gives one typed object for each row' {
        $vms = Import-MeshVm $csv

        $vms | Should -HaveCount 2
        $vms[0] | Should -BeOfType ([HybridMesh.Core.MeshVm])
        $vms.VmName | Should -Be 'vm1', 'vm2'
        $vms[0].Labels['tier'] | Should -Be 'a'
        $vms[1].SshPort | Should -Be 22
    }

    It 'reads what Get-ChildItem finds' {
        Get-ChildItem $csv | Import-MeshVm | Should -HaveCount 2
    }

    It 'reads JSON that ConvertTo-Json wrote' {
        $json = Join-Path $TestDrive 'vms.json'
        Import-Csv $csv | ConvertTo-Json | Set-Content $json

        Import-MeshVm $json | ForEach-Object Address | Should -Be '10.0.0.1', '10.0.0.2'
    }

    It 'reads YAML' {
        $yaml = Join-Path $TestDrive 'vms.yaml'
        Set-Content $yaml '- Name: vm1', '  Address: 10.0.0.1', '  Version: 1.10'

        (Import-MeshVm $yaml).Version | Should -Be '1.10'
    }

    It 'takes the first and leaves the rest' {
        (Import-MeshVm $csv | Select-Object -First 1).Name | Should -Be 'vm1'
    }

    It 'names the line of every wrong row and imports nothing' {
        Add-Content $csv 'vm3,nowhere,,,', 'vm4,10.0.0.1,,,'

        $output = try { Import-MeshVm $csv -ErrorAction SilentlyContinue -ErrorVariable wrong } catch { $id = $_.FullyQualifiedErrorId }

        $output | Should -BeNullOrEmpty
        $id | Should -BeLike 'InventoryInvalid,*'
        @($wrong | Where-Object { "$_" -like 'vms.csv line 4: *nowhere*' }) | Should -HaveCount 1
        @($wrong | Where-Object { "$_" -like 'vms.csv line 5: *10.0.0.1*' }) | Should -HaveCount 1
    }

    It 'proposes the column that was meant' {
        Set-Content $csv 'Name,Adress', 'vm1,10.0.0.1'

        { Import-MeshVm $csv -ErrorAction Stop } | Should -Throw '*did you mean Address*' -ErrorId 'InventoryInvalid,*'
    }

    It 'has help with examples' {
        (Get-Help Import-MeshVm).Synopsis | Should -BeLike 'Reads a list of VMs*'
        (Get-Help Import-MeshVm -Examples).Examples.Example.Count | Should -BeGreaterOrEqual 2
    }
}
