using System.Globalization;
using System.Text;
using GpuNets.Training;

namespace GpuNets.Tests.Chemistry;

/// <summary>Texts of molecules in the formats that are read.</summary>
internal static class ChemistryFiles
{
    /// <summary>A record of QM9 in its raw form (methane; numbers in the style of the original, with its exponents).</summary>
    public const string Methane = """
        5
        gdb 1	157.7118	157.70997	157.70699	0.	13.21	-0.3877	0.1171	0.5048	35.3641	0.044749	-40.47893	-40.476062	-40.475117	-40.498597	6.469
        C	-0.0126981359	 1.0858041578	 0.0080009958	-0.535689
        H	 0.002150416	-0.0060313176	 0.0019761204	 0.133921
        H	 1.0117308433	 1.4637511618	 0.0002765748	 0.133922
        H	-0.540815069	 1.4475266138	-0.8766437152	 0.133923
        H	-0.5238136345	 1.4379326443	 9.063972942*^-1	 0.133923
        1341.307	1341.3284	1341.365	1562.6731	1562.7453	3038.3205	3151.6034	3151.6788	3151.7078
        C	C
        InChI=1S/CH4/h1H4	InChI=1S/CH4/h1H4

        """;

    /// <summary>Water, as above.</summary>
    public const string Water = """
        3
        gdb 3	799.58812	437.90386	282.94545	1.8511	6.31	-0.2928	0.0687	0.3615	19.0002	0.021375	-76.404702	-76.401867	-76.400922	-76.422349	6.002
        O	-0.0343604951	 0.9775395708	 0.0076015923	-0.589706
        H	 0.0647664923	 0.0205721989	 0.0015346341	 0.294853
        H	 0.8717903737	 1.3007924048	 6.931336*^-4	 0.294853
        1671.4222	3803.6305	3907.698
        O	O
        InChI=1S/H2O/h1H2	InChI=1S/H2O/h1H2

        """;

    /// <summary>A record of QM9 as its authors published it.</summary>
    public const string Dihydroxyimidazole = """
        11
        gdb 880	7.27394	2.15911	1.66492	1.5885	47.59	-0.1858	0.0621	0.2479	671.6545	0.079713	-376.605347	-376.599148	-376.598203	-376.635026	22.992
        O	 0.1626561431	 1.3472356171	 0.2929550722	-0.43703
        C	 0.1440884481	 0.0112962311	 0.0609907355	 0.357467
        C	 0.1636447651	-0.7914397592	-1.0382970312	-0.23245
        N	 0.1246226546	-2.1334112657	-0.6416336732	-0.354017
        C	 0.0841785262	-2.0981781735	 0.6541699553	 0.443572
        O	 0.0367560404	-3.1420940321	 1.5032499188	-0.42788
        N	 0.0927392255	-0.8296496258	 1.1594364735	-0.349249
        H	 0.1976203723	 1.8005917226	-0.5549444591	 0.310198
        H	 0.2019928483	-0.5095334949	-2.0782734842	 0.099759
        H	 0.0398416644	-3.933529429	 0.9502476137	 0.312311
        H	 0.0671266821	-0.5534046306	 2.1260214389	 0.277319
        204.0944	222.3162	325.0117	365.9275	404.04	430.211	488.1859	643.1928	645.8066	717.3569	743.4761	748.9529	1006.1787	1055.1925	1127.2605	1164.5452	1204.666	1267.312	1310.4605	1482.6267	1555.9823	1641.9879	1650.2945	3256.2111	3676.9579	3805.5125	3846.0997
        OC1=CN=C(O)N1	Oc1cnc(O)[nH]1	
        InChI=1S/C3H4N2O2/c6-2-1-4-3(7)5-2/h1,6H,(H2,4,5,7)	InChI=1S/C3H4N2O2/c6-2-1-4-3(7)5-2/h1,6H,(H2,4,5,7)

        """;

    /// <summary>Ethanol drawn flat, hydrogens left out, as a chemist's editor writes it.</summary>
    public const string Ethanol = """
        ethanol
          drawn   01012600002D

          3  2  0  0  0  0  0  0  0  0999 V2000
            0.0000    0.0000    0.0000 C   0  0  0  0  0  0  0  0  0  0  0  0
            1.2990    0.7500    0.0000 C   0  0  0  0  0  0  0  0  0  0  0  0
            2.5981    0.0000    0.0000 O   0  0  0  0  0  0  0  0  0  0  0  0
          1  2  1  0
          2  3  1  0
        M  END
        > <CAS>
        64-17-5

        >  25 <note> (1)
        two
        lines

        $$$$

        """;

    /// <summary>A molecule as an SDF record, with its coordinates.</summary>
    public static string Sdf(Molecule molecule)
    {
        var text = new StringBuilder($"{molecule.Name}\n  test    01012600003D\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{molecule.Atoms.Length,3}{molecule.Bonds.Length,3}  0  0  0  0  0  0  0  0999 V2000\n");
        foreach (var atom in molecule.Atoms)
        {
            var p = atom.Position ?? default;
            text.Append(CultureInfo.InvariantCulture, $"{p.X,10:0.0000}{p.Y,10:0.0000}{p.Z,10:0.0000} {atom.Element.Symbol,-3} 0  0  0  0  0  0\n");
        }
        foreach (var (first, second, kind) in molecule.Bonds) text.Append(CultureInfo.InvariantCulture, $"{first + 1,3}{second + 1,3}{(int)kind,3}  0\n");
        for (int i = 0; i < molecule.Atoms.Length; i++)
            if (molecule.Atoms[i].FormalCharge != 0) text.Append(CultureInfo.InvariantCulture, $"M  CHG  1{i + 1,4}{molecule.Atoms[i].FormalCharge,4}\n");
        return text.Append("M  END\n$$$$\n").ToString();
    }

    /// <summary>A molecule as a plain xyz record.</summary>
    public static string Xyz(Molecule molecule) => $"{molecule.Atoms.Length}\n{molecule.Name}\n" + string.Concat(molecule.Atoms.Select(atom =>
        string.Create(CultureInfo.InvariantCulture, $"{atom.Element} {atom.Position!.Value.X} {atom.Position.Value.Y} {atom.Position.Value.Z}\n")));
}
