BeforeAll {
    . $PSScriptRoot/common.ps1
    $null = Connect-TestMesh -Namespace pester-version
    $null = Get-MeshVmApp | Remove-MeshVmApp -Confirm:$false
    $vms = Get-TestVm
    $null = $vms | New-MeshVmApp hello2-svc http:8001
}

Describe 'Set-WorkloadEntryVersion' {
    BeforeEach { $null = $vms | Set-WorkloadEntryVersion }

    It 'says Unchanged where the version is right' {
        ($vms | Set-WorkloadEntryVersion).Action | Select-Object -Unique | Should -Be 'Unchanged'
    }

    It 'sets one version on the entries piped in' {
        $set = Get-WorkloadEntry -Version v1 | Set-WorkloadEntryVersion v9

        $set.PreviousVersion, $set.Version, $set.Action | Should -Be 'v1', 'v9', 'Updated'
        (Get-WorkloadEntry -Version v9).Address | Should -Be $vms[0].Address
    }

    It 'sets a version made of each object' {
        ($vms | Set-WorkloadEntryVersion -Version { "$($_.Version)-b" }).Version | Should -Be 'v1-b', 'v2-b', 'v3-b'
    }

    It 'takes rows, hashtables and what Select-Object left' {
        (@{ Address = $vms[0].Address; Version = 'h1' } | Set-WorkloadEntryVersion).Version | Should -Be 'h1'
        ("Address,Version`n$($vms[0].Address),c1" | ConvertFrom-Csv | Set-WorkloadEntryVersion).Version | Should -Be 'c1'
        $picked = Get-WorkloadEntry -Address $vms[0].Address | Select-Object Namespace, Name
        ($picked | Set-WorkloadEntryVersion -Version s1).Address | Should -Be $vms[0].Address
    }

    It 'changes nothing with -WhatIf' {
        $vms | Set-WorkloadEntryVersion -Version v9 -WhatIf | Should -BeNullOrEmpty

        (Get-WorkloadEntry).Version | Should -Be 'v1', 'v2', 'v3'
    }

    It 'goes on where one address has no entry, and names New-MeshVmApp' {
        $set = '10.9.9.9', $vms[0].Address | Set-WorkloadEntryVersion v5 -ErrorAction SilentlyContinue -ErrorVariable wrong

        $set.Version | Should -Be 'v5'
        $wrong | Should -HaveCount 1
        $wrong[0].FullyQualifiedErrorId | Should -BeLike 'ObjectNotFound,*'
        "$($wrong[0])" | Should -BeLike '*New-MeshVmApp*'
        $wrong[0].TargetObject | Should -Be '10.9.9.9'
    }
}
