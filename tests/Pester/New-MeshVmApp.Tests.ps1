BeforeAll {
    . $PSScriptRoot/common.ps1
    $null = Connect-TestMesh -Namespace pester-new
    $vms = Get-TestVm
    $app = @{ ServiceName = 'hello2-svc'; Port = 'http:8001'; Label = @{ app = 'hello-workload' } }
}

Describe 'New-MeshVmApp' {
    BeforeEach { $null = Get-MeshVmApp | Remove-MeshVmApp -Confirm:$false }

    It 'makes an entry per VM, a ServiceEntry and a Service' {
        $made = $vms | New-MeshVmApp @app

        $made | Should -BeOfType ([HybridMesh.Core.MeshVmApp])
        $made.Host | Should -Be 'hello2-svc.pester-new.svc.cluster.local'
        $made.Objects.Kind | Should -Be 'WorkloadEntry', 'WorkloadEntry', 'WorkloadEntry', 'ServiceEntry', 'Service'
        $made.Objects.Action | Select-Object -Unique | Should -Be 'Created'
        $made.WorkloadEntries.Address | Should -Be @($vms | ForEach-Object Address)
        $made.WorkloadEntries.Version | Should -Be 'v1', 'v2', 'v3'
    }

    It 'says Unchanged the second time' {
        $null = $vms | New-MeshVmApp @app

        ($vms | New-MeshVmApp @app).Objects.Action | Select-Object -Unique | Should -Be 'Unchanged'
    }

    It 'takes rows of a CSV file and gives a new VM the next number' {
        $null = $vms | Select-Object -First 2 | New-MeshVmApp @app

        $again = "Name,Address`nnew,10.9.9.9`nvm1,$($vms[0].Address)" | ConvertFrom-Csv | New-MeshVmApp @app

        ($again.Objects | Where-Object Action -EQ Created).Name | Should -Be 'mesh-expansion-hello2-svc-3'
    }

    It 'changes nothing with -WhatIf' {
        $vms | New-MeshVmApp @app -WhatIf | Should -BeNullOrEmpty

        Get-MeshVmApp | Should -BeNullOrEmpty
        Get-MeshService hello2* | Should -BeNullOrEmpty
    }

    It 'refuses a port that weights would ignore' {
        { '10.0.0.1' | New-MeshVmApp svc tco:80 -ErrorAction Stop } | Should -Throw -ErrorId 'PortInvalid,*'
    }

    It 'refuses a script block where a plain value is meant' {
        { '10.0.0.1' | New-MeshVmApp -ServiceName { 'svc' } -Port http:80 -ErrorAction Stop } |
            Should -Throw '*script block*'
    }

    It 'lets Alibaba Cloud make the objects' {
        $made = $vms | New-MeshVmApp @app -Provider Asm
        $again = $vms | New-MeshVmApp @app -Provider Asm

        $made.WorkloadEntries.Version | Should -Be 'v1', 'v2', 'v3'
        $again.Objects.Action | Select-Object -Unique | Should -Be 'Unchanged'
        (Get-MeshVmApp).Provider | Should -Be 'Asm'
    }
}
