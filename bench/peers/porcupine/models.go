package main

import (
	"hash/fnv"

	"github.com/anishathalye/porcupine"
)

type kind uint8

const (
	read kind = iota
	write
	cas
	appendText
)

// A register's value before anything was written.
const none = -1 << 31

type registerInput struct {
	kind     kind
	from, to int
}

type registerOutput struct {
	// Nobody knows what came of it.
	unknown bool
	// What a read returned.
	value int
	// Whether a cas found what it expected: one that did not is an observation.
	ok bool
}

// As in Porcupine's own tests of etcd, and with the hash that its documentation advises.
var registerModel = porcupine.Model{
	Init: func() interface{} { return none },
	Step: func(state, input, output interface{}) (bool, interface{}) {
		now, in, out := state.(int), input.(registerInput), output.(registerOutput)
		switch in.kind {
		case read:
			return out.unknown || out.value == now, now
		case write:
			return true, in.to
		}
		if in.from == now {
			return out.unknown || out.ok, in.to
		}
		return out.unknown || !out.ok, now
	},
	Hash: func(state interface{}) uint64 { return uint64(state.(int)) * 0x9e3779b97f4a7c15 },
}

type textInput struct {
	kind       kind
	key, value string
}

type textOutput struct {
	unknown bool
	value   string
}

// A store of texts, one partition a key.
var textModel = porcupine.Model{
	PartitionEvent: func(events []porcupine.Event) [][]porcupine.Event {
		var partitions [][]porcupine.Event
		placeOf := make(map[string]int)
		keyOf := make(map[int]string)
		for _, event := range events {
			if event.Kind == porcupine.CallEvent {
				keyOf[event.Id] = event.Value.(textInput).key
			}
			key := keyOf[event.Id]
			place, known := placeOf[key]
			if !known {
				place = len(partitions)
				placeOf[key] = place
				partitions = append(partitions, nil)
			}
			partitions[place] = append(partitions[place], event)
		}
		return partitions
	},
	Init: func() interface{} { return "" },
	Step: func(state, input, output interface{}) (bool, interface{}) {
		now, in, out := state.(string), input.(textInput), output.(textOutput)
		switch in.kind {
		case read:
			return out.unknown || out.value == now, now
		case write:
			return true, in.value
		}
		return true, now + in.value
	},
	Hash: func(state interface{}) uint64 {
		hash := fnv.New64a()
		hash.Write([]byte(state.(string)))
		return hash.Sum64()
	},
}
