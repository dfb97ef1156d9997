package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"sort"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type zero struct{ n byte }

func (z *zero) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = z.n
		z.n++
	}
	return len(p), nil
}

func main() {
	const n = 70000
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(ix []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range ix {
			out = append(out, hashes[i])
		}
		return out, nil
	})
	check := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	for i := int64(0); i < n; i++ {
		hs, err := tlog.StoredHashes(i, []byte(fmt.Sprintf("entry %d", i)), reader)
		check(err)
		hashes = append(hashes, hs...)
	}
	root, err := tlog.TreeHash(n, reader)
	check(err)
	tiles := map[string]string{}
	for _, size := range []int64{256, 1000, 65536, n} {
		for _, t := range tlog.NewTiles(8, 0, size) {
			data, err := tlog.ReadTileData(t, reader)
			check(err)
			sum := sha256.Sum256(data)
			tiles[t.Path()] = hex.EncodeToString(sum[:])
		}
	}
	var names []string
	for k := range tiles {
		names = append(names, k)
	}
	sort.Strings(names)
	all := sha256.New()
	kept := map[string]string{}
	for _, k := range names {
		fmt.Fprintf(all, "%s %s\n", k, tiles[k])
		if len(k) > 20 || len(kept) < 3 || k[7] != '0' {
			kept[k] = tiles[k]
		}
	}
	inc := map[string][]string{}
	for _, i := range []int64{0, 255, 256, 65535, 65536, 69999} {
		p, err := tlog.ProveRecord(n, i, reader)
		check(err)
		for _, h := range p {
			inc[fmt.Sprint(i)] = append(inc[fmt.Sprint(i)], h.String())
		}
	}
	con := map[string][]string{}
	for _, i := range []int64{1, 256, 1000, 65536, 69999} {
		p, err := tlog.ProveTree(n, i, reader)
		check(err)
		for _, h := range p {
			con[fmt.Sprint(i)] = append(con[fmt.Sprint(i)], h.String())
		}
	}
	skey, vkey, err := note.GenerateKey(&zero{}, "ledger.example/changeover")
	check(err)
	signer, err := note.NewSigner(skey)
	check(err)
	text := fmt.Sprintf("ledger.example/changeover\n%d\n%s\n", n, root.String())
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	check(err)
	seed := make([]byte, 32)
	for i := range seed {
		seed[i] = byte(i)
	}
	pub := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	out := map[string]any{
		"made_by": "golang.org/x/mod v0.7.0 sumdb/tlog and sumdb/note, by tiles.go beside this file",
		"size": n, "root": root.String(), "tiles_digest": hex.EncodeToString(all.Sum(nil)), "tiles_count": len(names),
		"tiles": kept, "inclusion": inc, "consistency": con,
		"skey": skey, "vkey": vkey, "note": string(signed), "public": base64.StdEncoding.EncodeToString(pub),
	}
	e := json.NewEncoder(os.Stdout)
	e.SetIndent("", " ")
	check(e.Encode(out))
}
